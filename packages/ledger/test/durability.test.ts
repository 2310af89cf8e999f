import { type Durability, openDurability } from '@video-proxy/ledger';
import { closeRedis, connectRedis, untilReady } from '@video-proxy/redis';
import { startTcpProxy, testNamespace, testRedisUrl } from '@video-proxy/testkit';
import type { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasRedisServerProgram } from './private-redis.ts';
import { startCluster, startReplicated } from './redis-topologies.ts';

async function openTestDurability(
  url: string,
  namespace = 'vp',
  { now = Date.now, reported = [] }: { now?: () => number; reported?: string[] } = {},
): Promise<Durability> {
  const connection = connectRedis(url, { role: 'blocking', onError: () => {} });
  onTestFinished(() => closeRedis(connection, 0));
  await untilReady(connection, 5_000);
  const reports = {
    unsettled: () => void reported.push('unsettled'),
    settledAgain: () => void reported.push('settled again'),
  };
  return openDurability({ connection, namespace, reports, now });
}

async function callsOf(server: Redis, command: string): Promise<number> {
  const statistics = await server.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0);
}

describe('what was written is settled', { timeout: 40_000 }, () => {
  test('at once where nothing can be waited for', async () => {
    const durability = await openTestDurability(testRedisUrl(), testNamespace());
    expect(await durability.settle()).toBe(true);
  });

  test('when the replica has it, which by then it has', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary, replica } = await startReplicated();
    const reported: string[] = [];
    const durability = await openTestDurability(url, 'vp', { reported });
    expect(await durability.settle()).toBe(true);
    replica.signal('SIGSTOP');
    await primary.set('written', 'before');
    expect(await durability.settle(), 'the replica stands still').toBe(false);
    expect(await durability.settle()).toBe(false);
    replica.signal('SIGCONT');
    expect(await durability.settle()).toBe(true);
    expect(reported, 'said once each').toEqual(['unsettled', 'settled again']);
    // Without a replica in step this would be refused.
    expect(await primary.wait(1, 1)).toBe(1);
  });

  test('for all who wait at the same time, with one wait', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary } = await startReplicated();
    const durability = await openTestDurability(url);
    await durability.settle();
    await primary.config('RESETSTAT');
    expect(await Promise.all(Array.from({ length: 50 }, () => durability.settle()))).not.toContain(false);
    expect(await callsOf(primary, 'wait')).toBe(1);
  });

  test('no more when the replica has just gone, and again when the server has been alone for a minute', async ({
    skip,
  }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary, replica } = await startReplicated();
    let nowMs = 0;
    const durability = await openTestDurability(url, 'vp', { now: () => nowMs });
    expect(await durability.settle()).toBe(true);
    replica.signal('SIGKILL');
    await expect.poll(() => primary.info('replication')).toContain('connected_slaves:0');
    expect(await durability.settle(), 'it may be the master now').toBe(false);
    nowMs += 60_000;
    expect(await durability.settle()).toBe(true);
  });

  test('when the disk has it, where Redis can tell', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary } = await startReplicated(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    skip(!/^redis_version:(7\.[2-9]|[89]|\d\d)/m.test(await primary.info('server')), 'WAITAOF came with Redis 7.2');
    const durability = await openTestDurability(url);
    await primary.config('RESETSTAT');
    expect(await durability.settle()).toBe(true);
    expect([await callsOf(primary, 'wait'), await callsOf(primary, 'waitaof')]).toEqual([1, 1]);
    await primary.config('SET', 'appendfsync', 'no');
    const another = await openTestDurability(url);
    expect(await another.settle(), 'nobody knows when the disk has it').toBe(true);
    expect([await callsOf(primary, 'wait'), await callsOf(primary, 'waitaof')]).toEqual([2, 1]);
  });

  test('never while Redis is away or hangs, and this is known soon', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const durability = await openTestDurability(proxy.url, testNamespace());
    proxy.pause();
    expect(await durability.settle()).toBe(false);
    await proxy.cut();
    expect(await durability.settle()).toBe(false);
    await proxy.resume();
    await expect.poll(() => durability.settle()).toBe(true);
  });

  test('in a Cluster as well', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const durability = await openTestDurability(await startCluster());
    expect(await durability.settle()).toBe(true);
  });
});
