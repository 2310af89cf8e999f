import { Redis } from 'ioredis';
import { inject } from 'vitest';

/** The Redis of this run, as a URL for whatever is under test. `unix://…` when it is a private server. */
export function testRedisUrl(): string {
  return inject('redisUrl');
}

/** A plain connection for looking at keys from a test. The caller closes it (`await using` does). */
export function connectToTestRedis(): Redis & AsyncDisposable {
  const url = testRedisUrl();
  const redis = url.startsWith('unix://') ? new Redis(url.slice('unix://'.length)) : new Redis(url);
  return Object.assign(redis, {
    [Symbol.asyncDispose]: async () => {
      await redis.quit();
    },
  });
}
