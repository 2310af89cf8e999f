import { writeFile } from 'node:fs/promises';
import { testNamespace } from '@video-proxy/testkit';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { deleteLeftFiles } from '../src/upkeep/leftovers.ts';
import { removeExpired } from '../src/upkeep/retention.ts';
import { startWorker } from './running-worker.ts';

const log = pino({ level: 'silent' });

test('a job that ended longer ago than the retention time is removed with its file, a younger one stays', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { ledger, storage } = worker;
  const job = await worker.ended(await worker.submit('a kite'));
  if (job.lifecycle.state !== 'completed') throw new Error('not completed');
  const { endedAtMs, video } = job.lifecycle;
  const limits = {
    generationTimeoutMs: 1,
    holdMaxMs: 1,
    submissionLookupMs: 1,
    retentionMs: 1_000,
    ownerRunningMax: null,
  };

  await removeExpired({ ledger, storage, limits, log, now: () => endedAtMs + 1_000 });
  expect(await ledger.jobs.get(job.id)).not.toBeNull();

  await removeExpired({ ledger, storage, limits, log, now: () => endedAtMs + 1_001 });
  expect(await ledger.jobs.get(job.id)).toBeNull();
  expect(await storage.stat(video.storageKey)).toBeNull();
});

test('a worker is listed while it lives, and gone when it has ended in order', async () => {
  const worker = await startWorker({ namespace: testNamespace() });
  await expect
    .poll(() => worker.ledger.workers.list(Date.now()))
    .toMatchObject([{ provider: 'aimlapi', unrecordedGenerations: 0 }]);
  await worker[Symbol.asyncDispose]();
});

test('a file that could not be deleted with its job is deleted later', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const { ledger, storage, directory } = worker;
  await writeFile(`${directory}/left`, 'a film');
  await storage.put('ab/left.mp4', `${directory}/left`);
  await ledger.leftFiles.add(['ab/left.mp4', 'ab/gone-already.mp4']);
  await deleteLeftFiles({ ledger, storage, log });
  expect(await storage.stat('ab/left.mp4')).toBeNull();
  expect(await ledger.leftFiles.some(10)).toEqual([]);
});
