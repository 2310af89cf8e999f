import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileStorage } from '@video-proxy/artifacts';
import { failure, type JobOrder, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import type { AuditRecord, BulkRun, Ledger } from '@video-proxy/ledger';
import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import { carryOutBulk } from '../src/upkeep/bulk.ts';
import { newJob, openRecords } from './records.ts';

const operator = { role: 'operator', key: null, name: 'Kim' };
const refusal: VideoJobEvent = { type: 'submit_refused', failure: failure('provider_auth_failed') };

export async function order(
  ledger: Ledger,
  action: JobOrder,
  jobs: readonly VideoJob[],
  confirmCost = false,
): Promise<string> {
  const none = { filter: {}, estimatedUsd: null, estimatedUnsafeUsd: null, unpriced: 0, byCode: {}, truncated: false };
  const plan = { action, matched: jobs.length, unsafe: 0, ...none };
  const { id } = await ledger.bulk.plan(plan, jobs, Date.now());
  const record: AuditRecord = {
    atMs: Date.now(),
    operator,
    action: `bulk.${action}`,
    target: { type: 'bulk', id },
    reason: 'mended',
    outcome: 'asked',
    message: null,
    before: null,
    after: null,
    requestId: null,
    finishedAtMs: null,
  };
  const audit = { id: await ledger.audit.write(record), record };
  const start = { operator, reason: 'mended', confirmCost, startedAtMs: Date.now(), audit };
  expect(await ledger.bulk.start(id, start)).toBe(true);
  expect(await ledger.bulk.start(id, start)).toBe(false);
  return id;
}

/** What bulk runs are carried out on, without a worker. */
export async function openParts(known: { namespace?: string; workerId?: string } = {}) {
  const records = await openRecords(known.namespace);
  const directory = await mkdtemp(join(tmpdir(), 'bulk-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const storage = openFileStorage({ directory });
  const logLines: string[] = [];
  const log = pino({}, { write: (line: string) => void logLines.push(line) });
  const { workerId = 'worker-1' } = known;
  return { ...records, workerId, storage, directory, log, logLines, now: Date.now };
}

export type Parts = Awaited<ReturnType<typeof openParts>>;

export async function carryOut(parts: Parts, id: string): Promise<BulkRun> {
  await carryOutBulk(parts, new AbortController().signal);
  const run = await parts.ledger.bulk.get(id);
  if (run === null) throw new Error('the run is gone');
  return run;
}

export async function queued({ ledger }: Parts): Promise<VideoJob> {
  const job = newJob({ state: 'queued', queuedAtMs: Date.now(), deferral: null });
  await ledger.jobs.create(job, null);
  return job;
}

export async function failed(parts: Parts, events: readonly VideoJobEvent[] = [refusal]): Promise<VideoJob> {
  const { id } = await queued(parts);
  for (const event of [{ type: 'submit_started' } as const, ...events]) {
    await parts.ledger.jobs.apply(id, event, Date.now());
  }
  const job = await parts.ledger.jobs.get(id);
  if (job?.lifecycle.state !== 'failed') throw new Error('not failed');
  return job;
}

export async function completed(parts: Parts, storageKey: string): Promise<VideoJob> {
  const job = await queued(parts);
  const file = { storageKey, contentType: 'video/mp4', sizeBytes: 1, sha256: 'a' };
  const video = { ...file, durationSeconds: 1, width: 1, height: 1 };
  const toVideo: readonly VideoJobEvent[] = [
    { type: 'submit_started' },
    { type: 'submit_accepted', generationId: 'g', usage: null },
    { type: 'generation_succeeded', sourceUrl: 'https://example.com/a.mp4' },
    { type: 'artifact_stored', video },
  ];
  for (const event of toVideo) await parts.ledger.jobs.apply(job.id, event, Date.now());
  return job;
}
