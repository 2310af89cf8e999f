import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileStorage } from '@video-proxy/artifacts';
import { failure } from '@video-proxy/core';
import { newVideoJobId } from '@video-proxy/ledger';
import { testNamespace } from '@video-proxy/testkit';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { removeExpired } from '../src/upkeep/retention.ts';
import { newJob, openRecords } from './records.ts';
import { startWorker } from './running-worker.ts';

const log = pino({ level: 'silent' });
const otherLimits = { generationTimeoutMs: 1, holdMaxMs: 1, submissionLookupMs: 1, ownerRunningMax: null };
const video = {
  contentType: 'video/mp4',
  sizeBytes: 5,
  sha256: 'c'.repeat(64),
  durationSeconds: 5,
  width: 1,
  height: 1,
};

test('a job whose late video comes while it is about to be removed is kept with its file', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { ledger, storage } = worker;
  const directory = await mkdtemp(join(tmpdir(), 'upkeep-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const put = async (storageKey: string) => {
    await writeFile(join(directory, 'video'), 'bytes');
    await storage.put(storageKey, join(directory, 'video'));
    return { ...video, storageKey };
  };
  const submittedAtMs = Date.now();
  const sent = { submittedAtMs, generationId: 'g', usage: null };
  const ended = { ...sent, endedAtMs: submittedAtMs };
  // The older one is looked at first.
  const olderMs = submittedAtMs - 1_000;
  const older = { id: newVideoJobId(olderMs), createdAtMs: olderMs };
  const gone = newJob({ state: 'completed', ...ended, video: await put('a/gone.mp4') }, older);
  const given = { failure: failure('generation_timeout'), watchedUntilMs: submittedAtMs + 3_600_000 };
  const late = newJob({ state: 'failed', ...ended, ...given });
  for (const job of [gone, late]) await ledger.jobs.create(job, null);

  // The files of the first job are deleted between the look at the second one and its removal.
  const busyStorage = {
    ...storage,
    async delete(storageKey: string) {
      await storage.delete(storageKey);
      if (storageKey !== 'a/gone.mp4') return;
      const stored = await put('a/late.mp4');
      const later = submittedAtMs + 120_000;
      await ledger.jobs.apply(late.id, { type: 'generation_succeeded', sourceUrl: 'https://cdn.example/a.mp4' }, later);
      await ledger.jobs.apply(late.id, { type: 'artifact_stored', video: stored }, later);
    },
  };
  const limits = { ...otherLimits, retentionMs: 1_000 };
  await removeExpired({ ledger, storage: busyStorage, limits, log, now: () => submittedAtMs + 60_000 });

  expect(await ledger.jobs.get(gone.id)).toBeNull();
  expect((await ledger.jobs.get(late.id))?.lifecycle.state).toBe('completed');
  expect(await storage.stat('a/late.mp4')).not.toBeNull();
});

test('while the storage is away, one line tells of all the jobs that could not be removed, and all of them stay', async () => {
  const { ledger } = await openRecords();
  const directory = await mkdtemp(join(tmpdir(), 'upkeep-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'no-folder'), 'a file where a folder should be');
  const storage = openFileStorage({ directory: join(directory, 'no-folder') });
  const endedAtMs = Date.now();
  const sent = { submittedAtMs: endedAtMs, generationId: 'g', usage: null, endedAtMs };
  const jobs = ['a/one.mp4', 'a/two.mp4'].map((storageKey) =>
    newJob({ state: 'completed', ...sent, video: { ...video, storageKey } }),
  );
  for (const job of jobs) await ledger.jobs.create(job, null);
  const lines: string[] = [];
  const noted = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
  const limits = { ...otherLimits, retentionMs: 1_000 };
  await removeExpired({ ledger, storage, limits, log: noted, now: () => endedAtMs + 60_000 });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { jobs: 2, err: { message: expect.stringContaining('ENOTDIR') } },
  ]);
  for (const { id } of jobs) expect(await ledger.jobs.get(id)).not.toBeNull();
});
