import type { VideoJob } from '@video-proxy/core';
import { newVideoJobId, openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis, type RedisRole, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openHoldExpiry } from '../src/upkeep/expire-holds.ts';
import type { WorkerParts } from '../src/worker-parts.ts';

const limits: WorkerParts['limits'] = {
  generationTimeoutMs: 1,
  holdMaxMs: 1_000,
  submissionLookupMs: 1,
  retentionMs: 1,
  ownerRunningMax: null,
};
const heldModel = 'openai/sora-2-pro-t2v';
const hold = { code: 'internal_error', message: 'held', sinceMs: 1, untilMs: null, evidence: null } as const;

function waitingJob(model: string): VideoJob {
  const createdAtMs = Date.now() - 60_000;
  return {
    id: newVideoJobId(createdAtMs),
    owner: 'client',
    provider: 'aimlapi',
    model,
    prompt: 'a kite',
    parameters: {},
    metadata: {},
    watchSecret: 'secret',
    requestId: 'req_test',
    createdAtMs,
    attempt: 1,
    lifecycle: { state: 'queued', queuedAtMs: createdAtMs, deferral: null },
  };
}

test('a hold that is overdue has a bounded number of jobs read at once, and reaches those behind them', async () => {
  const connect = (role: RedisRole) => connectRedis(testRedisUrl(), { role, onError: () => undefined });
  const redis = connect('request');
  onTestFinished(() => closeRedis(redis));
  await untilReady(redis, 5_000);
  const ledger = openLedger({ redis, subscriber: () => connect('subscriber'), namespace: testNamespace() });
  const others = Array.from({ length: 1_100 }, () => waitingJob('google/veo-3.1-t2v'));
  await Promise.all(others.map((job) => ledger.jobs.create(job, null)));
  const last = waitingJob(heldModel);
  await ledger.jobs.create(last, null);

  let read = 0;
  const jobs: typeof ledger.jobs = {
    ...ledger.jobs,
    async inState(state, options) {
      const slice = await ledger.jobs.inState(state, options);
      read += slice.jobs.length;
      return slice;
    },
  };
  const account = { holds: async () => (waiting: { model: string }) => (waiting.model === heldModel ? hold : null) };
  const expire = openHoldExpiry({
    ledger: { ...ledger, jobs },
    account,
    limits,
    now: Date.now,
  });
  for (let run = 1; run <= 3; run += 1) {
    read = 0;
    await expire();
    expect(read).toBeLessThanOrEqual(500);
  }
  expect((await ledger.jobs.get(last.id))?.lifecycle).toMatchObject({ failure: { code: 'hold_expired' } });
});
