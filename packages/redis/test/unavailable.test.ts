import { closeRedis, connectRedis, isRedisUnavailable, untilReady } from '@video-proxy/redis';
import { testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('Redis counts as unavailable', () => {
  test.each([
    'LOADING Redis is loading the dataset in memory',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.',
    'CLUSTERDOWN The cluster is down',
    "READONLY You can't write against a read only replica.",
    'BUSY Redis is busy running a script.',
  ])('when it says: %s', (message) => {
    expect(isRedisUnavailable(reply(message))).toBe(true);
  });
});

describe('Redis does not count as unavailable', () => {
  test('when a command is wrong', async () => {
    const redis = connectRedis(testRedisUrl(), { role: 'request', onError: () => {} });
    await untilReady(redis, 5_000);
    const error = await redis.call('NO-SUCH-COMMAND').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(isRedisUnavailable(error)).toBe(false);
    await closeRedis(redis);
  });

  test('when a command of a transaction is wrong', async () => {
    const redis = connectRedis(testRedisUrl(), { role: 'request', onError: () => {} });
    await untilReady(redis, 5_000);
    const transaction = redis.multi().call('NO-SUCH-COMMAND').exec();
    const error = await transaction.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining('EXECABORT') });
    expect(isRedisUnavailable(error)).toBe(false);
    await closeRedis(redis);
  });

  test.each([
    ['when a script is wrong', reply('ERR Error running script: attempt to index a nil value')],
    ['when keys do not belong together', reply("CROSSSLOT Keys in request don't hash to the same slot")],
    [
      'when something else could not be reached',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    ],
    ['when we stopped something ourselves', new DOMException('stopped', 'AbortError')],
    ['when it is no error at all', 'LOADING'],
  ])('%s', (_when, error) => {
    expect(isRedisUnavailable(error)).toBe(false);
  });
});
