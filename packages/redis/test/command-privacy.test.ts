import { closeRedis, connectRedis, untilReady } from '@video-proxy/redis';
import { testRedisUrl } from '@video-proxy/testkit';
import { expect, test } from 'vitest';

test('an error of Redis does not carry the command, which may hold a password, a prompt or a link', async () => {
  const redis = connectRedis(testRedisUrl(), { role: 'request', onError: () => undefined });
  await untilReady(redis, 5_000);
  const refused = async (run: () => Promise<unknown>) =>
    run().then(
      () => null,
      (error: unknown) => error,
    );
  const errors = [
    await refused(() => redis.call('AUTH', 'nobody', 'hunter2')),
    await refused(() => redis.call('HSET', 'only-a-key-hunter2')),
    await refused(() => redis.eval("return redis.error_reply('no')", 0, 'hunter2')),
  ];
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error);
    expect(Object.keys(error as Error)).not.toContain('command');
    expect(JSON.stringify(error)).not.toContain('hunter2');
  }
  await closeRedis(redis);
});
