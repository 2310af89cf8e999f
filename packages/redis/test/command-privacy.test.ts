import { closeRedis, connectRedis, untilReady, withoutCommand } from '@video-proxy/redis';
import { testRedisUrl } from '@video-proxy/testkit';
import { expect, onTestFinished, test } from 'vitest';

const secret = 'hunter2';

async function openRedis() {
  const redis = connectRedis(testRedisUrl(), { role: 'request', onError: () => {} });
  onTestFinished(() => closeRedis(redis));
  await untilReady(redis, 5_000);
  return redis;
}

async function errorOf(promise: Promise<unknown>): Promise<object> {
  const error = await promise.catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error('it should have failed');
  return error;
}

test('an error of a command does not say what was sent', async () => {
  const redis = await openRedis();
  const error = await errorOf(redis.call('HSET', 'key', secret));
  expect(JSON.stringify(error)).toContain(secret);
  expect(JSON.stringify(withoutCommand({ ...error }))).not.toContain(secret);
});

test('an error of a transaction does not say what was sent with any of its commands', async () => {
  const redis = await openRedis();
  const error = await errorOf(redis.multi().call('HSET', 'key', secret).exec());
  expect(JSON.stringify(error)).toContain(secret);
  expect(JSON.stringify(withoutCommand({ ...error }))).not.toContain(secret);
});
