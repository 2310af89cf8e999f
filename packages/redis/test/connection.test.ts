import { closeRedis, connectRedis, isRedisUnavailable, type RedisRole, untilReady } from '@video-proxy/redis';
import { startTcpProxy, testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';

const nobody = 'redis://127.0.0.1:1';

function connect(url: string, role: RedisRole) {
  const errors: Error[] = [];
  const redis = connectRedis(url, { role, onError: (error) => errors.push(error) });
  onTestFinished(() => closeRedis(redis));
  return { redis, errors };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.unreachable(`resolved to ${value}`),
    (error: unknown) => error,
  );
}

describe('a connection for requests', () => {
  test('fails at once while Redis is away, and the error says so', async () => {
    const { redis } = connect(nobody, 'request');
    const startedMs = performance.now();
    expect(isRedisUnavailable(await rejection(redis.get('x')))).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  test('gives up on a Redis that does not answer before two seconds are over', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const { redis } = connect(proxy.url, 'request');
    await untilReady(redis, 5_000);
    proxy.pause();
    const startedMs = performance.now();
    expect(isRedisUnavailable(await rejection(redis.get('x')))).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  test('works again by itself when Redis is back', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const { redis } = connect(proxy.url, 'request');
    await untilReady(redis, 5_000);
    await proxy.cut();
    await expect.poll(() => redis.status).not.toBe('ready');
    await proxy.resume();
    await expect.poll(() => redis.ping().catch(() => 'away'), { timeout: 5_000 }).toBe('PONG');
  });
});

describe('a connection of a worker', () => {
  test('holds commands back until Redis is there', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    await proxy.cut();
    const { redis } = connect(proxy.url, 'blocking');
    const answer = redis.ping();
    await expect.poll(() => redis.status).toBe('reconnecting');
    await proxy.resume();
    expect(await answer).toBe('PONG');
  });
});

describe('a subscription', () => {
  test('comes back with its connection', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const channel = testNamespace();
    const { redis: subscriber } = connect(proxy.url, 'subscriber');
    const { redis: publisher } = connect(testRedisUrl(), 'request');
    const heard: string[] = [];
    subscriber.on('message', (_channel: string, message: string) => heard.push(message));
    await Promise.all([subscriber.subscribe(channel), untilReady(publisher, 5_000)]);
    await proxy.cut();
    await proxy.resume();
    await expect
      .poll(async () => [await publisher.publish(channel, 'after'), heard.at(-1)], { timeout: 5_000 })
      .toEqual([1, 'after']);
  });
});

describe('waiting for a connection', () => {
  test('ends with the reason when nobody answers', async () => {
    const { redis, errors } = connect(nobody, 'blocking');
    const error = await rejection(untilReady(redis, 300));
    expect(error).toMatchObject({ message: expect.stringMatching(/within 300 ms: .*ECONNREFUSED/) });
    expect(isRedisUnavailable(error)).toBe(true);
    expect(errors.length).toBeGreaterThan(0);
  });

  test('goes on when a first try failed', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    await proxy.cut();
    const { redis, errors } = connect(proxy.url, 'request');
    const ready = untilReady(redis, 5_000);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await proxy.resume();
    await ready;
    expect(await redis.ping()).toBe('PONG');
  });
});

test('closing a connection that hangs takes no longer than asked', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  const { redis } = connect(proxy.url, 'blocking');
  await untilReady(redis, 5_000);
  proxy.pause();
  const startedMs = performance.now();
  await closeRedis(redis, 200);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});
