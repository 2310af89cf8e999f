import { openDurability } from '@video-proxy/ledger';
import { closeRedis, connectRedis, untilReady } from '@video-proxy/redis';
import {
  hasRedisServerProgram,
  startCluster,
  startReplicated,
  startTcpProxy,
  testNamespace,
  testRedisUrl,
} from '@video-proxy/testkit';
import type { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { jobAfter } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

/** A job whose attempt was begun at this Redis, and the wait for its record. */
async function openBegun(
  url: string,
  { namespace = 'vp', now = Date.now }: { namespace?: string; now?: () => number } = {},
) {
  const connection = connectRedis(url, { role: 'blocking', onError: () => {} });
  onTestFinished(() => closeRedis(connection, 0));
  await untilReady(connection, 5_000);
  const reported: string[] = [];
  const reports = {
    unsettled: () => void reported.push('unsettled'),
    settledAgain: () => void reported.push('settled again'),
  };
  const durability = openDurability({ connection, namespace, reports, now });
  const { ledger } = await openTestLedger({ url, namespace });
  const begin = () => jobAfter(ledger.jobs, [{ type: 'submit_started' }]);
  const begun = await begin();
  return { ledger, durability, reported, begin, settle: () => durability.settle(begun) };
}

async function callsOf(server: Redis, command: string): Promise<number> {
  const statistics = await server.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0);
}

describe('what was written is settled', { timeout: 40_000 }, () => {
  test('at once where nothing can be waited for', async () => {
    const durability = await openBegun(testRedisUrl(), { namespace: testNamespace() });
    expect(await durability.settle()).toBe(true);
  });

  test('when the replica has it, which by then it has', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary, replica } = await startReplicated();
    const durability = await openBegun(url);
    expect(await durability.settle()).toBe(true);
    replica.signal('SIGSTOP');
    await primary.set('written', 'before');
    expect(await durability.settle(), 'the replica stands still').toBe(false);
    expect(await durability.settle()).toBe(false);
    replica.signal('SIGCONT');
    expect(await durability.settle()).toBe(true);
    expect(durability.reported, 'said once each').toEqual(['unsettled', 'settled again']);
    // Without a replica in step this would be refused.
    expect(await primary.wait(1, 1)).toBe(1);
  });

  test('never for a record that says that nothing was begun, whatever the replica confirms', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { ledger, durability } = await openBegun((await startReplicated()).url);
    const queued = await jobAfter(ledger.jobs, []);
    expect(await durability.settle(queued)).toBe(false);
    const retried = await jobAfter(ledger.jobs, [{ type: 'submit_started' }]);
    expect(await durability.settle({ ...retried, attempt: 2 }), 'another attempt').toBe(false);
    expect(await durability.settle(retried)).toBe(true);
  });

  test('for all who wait at the same time, with one wait', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary } = await startReplicated();
    const durability = await openBegun(url);
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
    const durability = await openBegun(url, { now: () => nowMs });
    expect(await durability.settle()).toBe(true);
    replica.signal('SIGKILL');
    await expect.poll(() => primary.info('replication')).toContain('connected_slaves:0');
    expect(await durability.settle(), 'it may be the master now').toBe(false);
    nowMs += 60_000;
    expect(await durability.settle()).toBe(true);
  });

  test('by a server that takes the place of the lost one, whether it has a replica or not', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, replaceByOne } = await startReplicated();
    const durability = await openBegun(url);
    expect(await durability.settle()).toBe(true);
    await replaceByOne();
    const begun = async () => {
      const job = await durability.begin().catch(() => null);
      return job !== null && durability.durability.settle(job);
    };
    await expect.poll(begun).toBe(true);
    expect(await durability.settle(), 'it has never heard of this one').toBe(false);
  });

  test('when the disk has it, where Redis can tell', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const { url, primary } = await startReplicated(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    skip(!/^redis_version:(7\.[2-9]|[89]|\d\d)/m.test(await primary.info('server')), 'WAITAOF came with Redis 7.2');
    const durability = await openBegun(url);
    await primary.config('RESETSTAT');
    expect(await durability.settle()).toBe(true);
    expect([await callsOf(primary, 'wait'), await callsOf(primary, 'waitaof')]).toEqual([1, 1]);
    await primary.config('SET', 'appendfsync', 'no');
    const another = await openBegun(url);
    expect(await another.settle(), 'nobody knows when the disk has it').toBe(true);
    expect([await callsOf(primary, 'wait'), await callsOf(primary, 'waitaof')]).toEqual([2, 1]);
  });

  test('never while Redis is away or hangs, and this is known soon', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const durability = await openBegun(proxy.url, { namespace: testNamespace() });
    proxy.pause();
    expect(await durability.settle()).toBe(false);
    await proxy.cut();
    expect(await durability.settle()).toBe(false);
    await proxy.resume();
    await expect.poll(() => durability.settle()).toBe(true);
  });

  test('in a Cluster as well', async ({ skip }) => {
    skip(!(await hasRedisServerProgram()));
    const cluster = await startCluster();
    onTestFinished(() => cluster[Symbol.asyncDispose]());
    const durability = await openBegun(cluster.url);
    expect(await durability.settle()).toBe(true);
  });
});
