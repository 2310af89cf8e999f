import type { Lifecycle, VideoJob } from '@video-proxy/core';
import { newVideoJobId, openLedger } from '@video-proxy/ledger';
import { openSteps } from '@video-proxy/queue';
import { closeRedis, connectRedis, type RedisRole, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { onTestFinished } from 'vitest';

/** A ledger and its queues without a worker: what is carried out, and when, is up to the test. */
export async function openRecords(namespace: string = testNamespace()) {
  const connect = (role: RedisRole) => connectRedis(testRedisUrl(), { role, onError: () => undefined });
  const redis = connect('request');
  onTestFinished(() => closeRedis(redis));
  await untilReady(redis, 5_000);
  const ledger = openLedger({ redis, subscriber: () => connect('subscriber'), namespace });
  const steps = openSteps({ connection: redis, namespace, onError: () => undefined });
  onTestFinished(() => steps.close());
  return { namespace, redis, ledger, steps };
}

export function newJob(lifecycle: Lifecycle, known: Partial<VideoJob> = {}): VideoJob {
  const createdAtMs = Date.now();
  return {
    id: newVideoJobId(createdAtMs),
    owner: 'client',
    provider: 'aimlapi',
    model: 'google/veo-3.1-t2v',
    prompt: 'a kite',
    parameters: {},
    metadata: {},
    watchSecret: 'secret',
    requestId: 'req_test',
    createdAtMs,
    attempt: 1,
    lifecycle,
    ...known,
  };
}
