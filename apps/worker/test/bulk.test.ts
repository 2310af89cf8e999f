import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileStorage } from '@video-proxy/artifacts';
import { failure, type JobOrder, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import { type AuditRecord, type BulkRun, type Ledger, newVideoJobId, openLedger } from '@video-proxy/ledger';
import { openSteps } from '@video-proxy/queue';
import { closeRedis, connectRedis, type RedisRole, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { carryOutBulk } from '../src/upkeep/bulk.ts';

const operator = { role: 'operator', key: null, name: 'Kim' };
const refusal: VideoJobEvent = { type: 'submit_refused', failure: failure('provider_auth_failed') };
/** Failed, and perhaps billed. */
const lost: VideoJobEvent[] = [{ type: 'submit_lost', evidence: null }, { type: 'submission_not_found' }];

async function order(
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

/** A ledger, its queues and a storage without a worker: what is carried out, and when, is up to the test. */
async function openParts(known: { namespace?: string; workerId?: string } = {}) {
  const { namespace = testNamespace(), workerId = 'worker-1' } = known;
  const connect = (role: RedisRole) => connectRedis(testRedisUrl(), { role, onError: () => undefined });
  const redis = connect('request');
  onTestFinished(() => closeRedis(redis));
  await untilReady(redis, 5_000);
  const ledger = openLedger({ redis, subscriber: () => connect('subscriber'), namespace });
  const steps = openSteps({ connection: redis, namespace, onError: () => undefined });
  onTestFinished(() => steps.close());
  const directory = await mkdtemp(join(tmpdir(), 'bulk-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const storage = openFileStorage({ directory });
  const log = pino({ level: 'silent' });
  return { namespace, redis, workerId, ledger, steps, storage, log, now: Date.now };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

async function carryOut(parts: Parts, id: string): Promise<BulkRun> {
  await carryOutBulk(parts, new AbortController().signal);
  const run = await parts.ledger.bulk.get(id);
  if (run === null) throw new Error('the run is gone');
  return run;
}

async function queued({ ledger }: Parts): Promise<VideoJob> {
  const nowMs = Date.now();
  const job: VideoJob = {
    id: newVideoJobId(nowMs),
    owner: 'acme',
    provider: 'aimlapi',
    model: 'a/b',
    prompt: 'a fox',
    parameters: {},
    metadata: {},
    watchSecret: 'x',
    requestId: 'req_1',
    createdAtMs: nowMs,
    attempt: 1,
    lifecycle: { state: 'queued', queuedAtMs: nowMs, deferral: null },
  };
  await ledger.jobs.create(job, null);
  return job;
}

async function failed(parts: Parts, events: readonly VideoJobEvent[] = [refusal]): Promise<VideoJob> {
  const { id } = await queued(parts);
  for (const event of [{ type: 'submit_started' } as const, ...events]) {
    await parts.ledger.jobs.apply(id, event, Date.now());
  }
  const job = await parts.ledger.jobs.get(id);
  if (job?.lifecycle.state !== 'failed') throw new Error('not failed');
  return job;
}

describe('a bulk action', () => {
  test('retries every job once, says by whom, and ends in the audit log', async () => {
    const parts = await openParts();
    const { ledger, steps } = parts;
    const jobs = await Promise.all(Array.from({ length: 120 }, () => failed(parts)));
    const id = await order(ledger, 'retry', jobs);
    expect(await carryOut(parts, id)).toMatchObject({
      state: 'finished',
      total: 120,
      done: 120,
      failed: 0,
      skipped: 0,
    });
    const after = await ledger.jobs.getMany(jobs.map((job) => job.id));
    expect(after.map(({ attempt, lifecycle }) => `${attempt} ${lifecycle.state}`)).toEqual(jobs.map(() => '2 queued'));
    expect((await steps.counts()).submit.waiting).toBeGreaterThan(0);
    const events = await ledger.jobs.events(jobs[0]?.id ?? '', { limit: 100 });
    const circumstances = { by: 'operator', who: 'Kim', reason: 'mended', bulk: id };
    expect(events.at(-1)).toMatchObject({ type: 'retry_requested', details: circumstances });
    const { entries } = await ledger.audit.list({ limit: 10 });
    expect(entries).toMatchObject([{ action: 'bulk.retry', outcome: 'done', after: { total: 120, done: 120 } }]);
  });

  test('leaves out what may have been billed, unless there is consent, and what has changed since', async () => {
    const parts = await openParts();
    const { ledger } = parts;
    const [doubtful, changed, gone, safe] = [
      await failed(parts, lost),
      await failed(parts),
      await failed(parts),
      await failed(parts),
    ];
    const id = await order(ledger, 'retry', [doubtful, changed, gone, safe]);
    await ledger.jobs.apply(changed.id, { type: 'retry_requested' }, Date.now());
    await ledger.jobs.delete(gone.id);
    expect(await carryOut(parts, id)).toMatchObject({ done: 1, skipped: 3, failed: 0 });
    const problems = await ledger.bulk.problems(id);
    expect(problems.map(({ jobId, message }) => [jobId, message])).toEqual([
      [doubtful.id, expect.stringContaining('billed')],
      [changed.id, expect.stringContaining('changed')],
      [gone.id, expect.stringContaining('gone')],
    ]);
    expect((await ledger.jobs.get(changed.id))?.attempt).toBe(2);
    expect(await carryOut(parts, await order(ledger, 'retry', [doubtful], true))).toMatchObject({ done: 1 });
  });

  test('cancels, rechecks and deletes as a single order does', async () => {
    const parts = await openParts();
    const { ledger, steps } = parts;
    const waiting = await queued(parts);
    const old = await failed(parts);
    const accepted: VideoJobEvent = { type: 'submit_accepted', generationId: 'g-1', usage: null };
    const timedOut = await failed(parts, [accepted, { type: 'deadline_passed' }]);
    for (const [action, job] of [
      ['cancel', waiting],
      ['delete', old],
      ['recheck', timedOut],
    ] as const) {
      expect(await carryOut(parts, await order(ledger, action, [job]))).toMatchObject({ done: 1 });
    }
    expect((await ledger.jobs.get(waiting.id))?.lifecycle.state).toBe('cancelled');
    expect(await ledger.jobs.get(old.id)).toBeNull();
    expect((await ledger.jobs.get(timedOut.id))?.lifecycle.state).toBe('generating');
    expect((await steps.counts()).poll.waiting).toBeGreaterThan(0);
  });

  test('that was cut off in the middle of a slice goes on without retrying or missing any job', async () => {
    const parts = await openParts();
    const { ledger } = parts;
    const jobs = await Promise.all(Array.from({ length: 60 }, () => failed(parts)));
    const id = await order(ledger, 'retry', jobs);
    // What is left of a worker that is killed after it has retried seven jobs and before it has noted them.
    for (const job of jobs.slice(0, 7)) {
      const circumstances = { by: 'operator', bulk: id };
      await ledger.jobs.apply(job.id, { type: 'retry_requested' }, Date.now(), { attempt: 1, circumstances });
    }
    expect(await carryOut(parts, id)).toMatchObject({ state: 'finished', done: 60, skipped: 0, failed: 0 });
    const after = await ledger.jobs.getMany(jobs.map((job) => job.id));
    expect(after.map(({ attempt }) => attempt)).toEqual(jobs.map(() => 2));
  });

  test('is carried out and counted once, whoever takes it at the same time', async () => {
    const parts = await openParts();
    const other = await openParts({ namespace: parts.namespace, workerId: 'worker-2' });
    const jobs = await Promise.all(Array.from({ length: 120 }, () => failed(parts)));
    const id = await order(parts.ledger, 'retry', jobs);
    const run = await parts.ledger.bulk.get(id);
    await Promise.all([carryOut(parts, id), carryOut(other, id)]);
    expect(await parts.ledger.bulk.get(id)).toMatchObject({ state: 'finished', done: 120, skipped: 0 });
    const counts = { done: 50, failed: 0, skipped: 0 };
    if (run !== null) expect(await other.ledger.bulk.advance(run, 50, counts, [], Date.now())).toBe('');
    expect(await parts.ledger.bulk.get(id)).toMatchObject({ done: 120 });
    const after = await parts.ledger.jobs.getMany(jobs.map((job) => job.id));
    expect(after.map(({ attempt }) => attempt)).toEqual(jobs.map(() => 2));
  });

  test('can be stopped, once; nothing more is done, and its list of jobs is gone', async () => {
    const parts = await openParts();
    const { ledger, redis, namespace } = parts;
    const job = await failed(parts);
    const id = await order(ledger, 'retry', [job]);
    expect(await ledger.bulk.stop(id, Date.now())).toBe(true);
    expect(await ledger.bulk.stop(id, Date.now())).toBe(false);
    expect(await carryOut(parts, id)).toMatchObject({ state: 'stopped', done: 0 });
    expect((await ledger.jobs.get(job.id))?.attempt).toBe(1);
    expect(await redis.exists(`{${namespace}}:bulk:${id}:jobs`)).toBe(0);
  });
});
