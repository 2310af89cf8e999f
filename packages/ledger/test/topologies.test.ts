import type { VideoJob } from '@video-proxy/core';
import type { Change } from '@video-proxy/ledger';
import { openSteps, type StepHandler, serveSteps } from '@video-proxy/queue';
import { closeRedis, connectRedis } from '@video-proxy/redis';
import { hasRedisServerProgram, startCluster, startSentinel } from '@video-proxy/testkit';
import { Cluster } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { jobAfter, queuedJob, refusal, success, toGenerating, video } from './jobs.ts';
import { type OpenedLedger, openTestLedger } from './open-ledger.ts';

type Step = StepHandler<{ jobId: string; attempt: number }>;

/** A worker in miniature: its steps take every job to its end. */
function work({ ledger }: OpenedLedger, url: string) {
  const onError = (error: Error) => expect.unreachable(error.message);
  const connection = connectRedis(url, { role: 'blocking', onError: () => {} });
  const steps = openSteps({ connection, namespace: 'vp', onError });
  const submit: Step = async ({ jobId, attempt }) => {
    for (const event of toGenerating(`g-${jobId}`)) await ledger.jobs.apply(jobId, event, Date.now());
    await steps.add('poll', { jobId, attempt }, { delayMs: 20 });
    return { kind: 'done' };
  };
  const polled = new Set<string>();
  const poll: Step = async ({ jobId, attempt }) => {
    if (!polled.has(jobId)) {
      polled.add(jobId);
      return { kind: 'snooze', delayMs: 20 };
    }
    await ledger.jobs.apply(jobId, success, Date.now());
    await steps.add('store', { jobId, attempt });
    return { kind: 'done' };
  };
  const store: Step = async ({ jobId }) => {
    await ledger.jobs.apply(jobId, { type: 'artifact_stored', video }, Date.now());
    return { kind: 'done' };
  };
  const notify = async () => ({ kind: 'done' }) as const;
  const concurrency = { submit: 2, poll: 5, store: 2, notify: 1 };
  const handlers = { submit, poll, store, notify };
  const serving = serveSteps({ connection, namespace: 'vp', handlers, concurrency, onError });
  onTestFinished(async () => {
    await serving.close(2_000);
    await steps.close();
    await closeRedis(connection);
  });
  return steps;
}

async function allKeys({ redis }: OpenedLedger): Promise<string[]> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  return (await Promise.all(nodes.map((node) => node.keys('*')))).flat();
}

/** Everything the ledger and the queue can do, once. */
async function live(opened: OpenedLedger, url: string): Promise<void> {
  const { jobs, turns, changes, credential, holds, workers } = opened.ledger;
  const heard: Change[] = [];
  changes.onAny((change) => heard.push(change));
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThan(0);

  const steps = work(opened, url);
  const made: VideoJob[] = Array.from({ length: 10 }, () => queuedJob());
  for (const job of made) expect((await jobs.create(job, { key: job.id, fingerprint: 'f' })).kind).toBe('created');
  expect((await jobs.create(queuedJob(), { key: made[0]?.id ?? '', fingerprint: 'f' })).kind).toBe('replayed');
  expect(await Promise.all(made.map((job) => turns.positionOf(job)))).toEqual(made.map((_, index) => index + 1));
  expect((await turns.next({ heldModels: [], ownerRunningMax: 1 }, Date.now())).kind).toBe('turn');
  await steps.addMany(
    'submit',
    made.map(({ id, attempt }) => ({ jobId: id, attempt })),
  );
  await expect.poll(async () => (await jobs.counts()).completed, { timeout: 10_000 }).toBe(10);
  await expect.poll(() => steps.counts()).toEqual({ submit: idle, poll: idle, store: idle, notify: idle });
  await expect.poll(() => heard.filter(({ kind }) => kind === 'job').length, { timeout: 5_000 }).toBe(10 * 5);

  const failed = await jobAfter(jobs, [{ type: 'submit_started' }, refusal('r-1')]);
  await jobs.note(failed.id, { type: 'poll_recovered', atMs: 1 });
  expect(await jobs.events(failed.id, { limit: 10 })).toHaveLength(4);
  expect(await jobs.findByProviderRequestId('r-1')).toBe(failed.id);
  expect(await jobs.findByGenerationId(`g-${made[3]?.id}`)).toBe(made[3]?.id);
  const completed = { client: 'acme', model: failed.model, states: ['completed', 'queued'] } as const;
  expect((await jobs.list({ ...completed, limit: 3 })).jobs.map(({ id }) => id)).toEqual(
    made
      .slice(-3)
      .reverse()
      .map(({ id }) => id),
  );
  expect((await jobs.endedBefore(Date.now() + 1, { limit: 100 })).jobs).toHaveLength(11);
  const record = { fingerprint: 'f', sinceMs: 1, checkedAtMs: 1, finding: null, evidence: null };
  expect(await credential.write({ state: 'ok', ...record })).toBe(true);
  expect(await credential.history()).toHaveLength(1);
  await holds.change('provider', () => ({
    code: 'provider_unavailable',
    message: 'refused',
    evidence: null,
    ...{ sinceMs: 1, untilMs: 2, tries: 1, refusedAtMs: 1, balanceUsd: null, doubted: false },
  }));
  expect(await holds.takeTrial({ holder: 'w', untilMs: 2 }, 1)).toBe(true);
  await holds.notePrice('a/model', 1);
  await workers.beat(
    { id: 'w', version: '1', role: 'worker', provider: 'sandbox', keyFingerprint: null, startedAtMs: 1 },
    1,
  );
  expect(await workers.list(1)).toHaveLength(1);

  for (const { id } of [...made, failed]) {
    await jobs.apply(id, { type: 'cancel_requested' }, 1);
    await jobs.delete(id);
  }
  const left = (await allKeys(opened)).filter((key) => !/^\{vp\}:(submit|poll|store|notify):/.test(key));
  const ofAll = ['credential', 'credential:history', 'holds', 'prices', 'round', 'workers'];
  expect(left.sort()).toEqual(ofAll.map((name) => `{vp}:${name}`));
}

const idle = { waiting: 0, active: 0, delayed: 0 };

test('ledger and queue work on a Cluster: every key has the same hash tag', { timeout: 40_000 }, async ({ skip }) => {
  skip(!(await hasRedisServerProgram()));
  const cluster = await startCluster();
  onTestFinished(() => cluster[Symbol.asyncDispose]());
  const { url } = cluster;
  const opened = await openTestLedger({ url, namespace: 'vp' });
  expect(opened.redis).toBeInstanceOf(Cluster);
  await live(opened, url);
  expect((await allKeys(opened)).every((key) => key.startsWith('{vp}:'))).toBe(true);
});

test('one master of a Cluster that evicts is enough to make the whole unsafe', { timeout: 40_000 }, async ({
  skip,
}) => {
  skip(!(await hasRedisServerProgram()));
  const cluster = await startCluster();
  onTestFinished(() => cluster[Symbol.asyncDispose]());
  const { ledger, redis } = await openTestLedger({ url: cluster.url, namespace: 'vp' });
  expect(await ledger.persistence()).toEqual({ appendOnly: false, maxmemoryPolicy: 'noeviction' });
  expect(await ledger.load()).toMatchObject({ waitingJobs: 0, writesRefused: null });
  const [first, second, third] = redis instanceof Cluster ? redis.nodes('master') : [];
  await second?.config('SET', 'maxmemory-policy', 'allkeys-lru');
  for (const node of [first, second, third]) await node?.config('SET', 'appendonly', 'yes');
  expect(await ledger.persistence()).toEqual({ appendOnly: true, maxmemoryPolicy: 'allkeys-lru' });
});

test('ledger and queue work behind Sentinels', { timeout: 40_000 }, async ({ skip }) => {
  skip(!(await hasRedisServerProgram()));
  const sentinel = await startSentinel();
  onTestFinished(() => sentinel[Symbol.asyncDispose]());
  const { url } = sentinel;
  await live(await openTestLedger({ url, namespace: 'vp' }), url);
});
