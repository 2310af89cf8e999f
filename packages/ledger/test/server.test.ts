import { describe, expect, test } from 'vitest';
import { jobAfter, toGenerating } from './jobs.ts';
import { keysOf, openTestLedger } from './open-ledger.ts';
import { privateRedis } from './private-redis.ts';

async function openPrivate(persistence: 'append-only' | 'none' = 'none') {
  const { url } = await (await privateRedis(persistence))();
  return { ...(await openTestLedger({ url, namespace: 'vp' })), url };
}

describe('the load of the server', () => {
  test('counts the jobs that wait to be submitted, and writes nothing', async () => {
    const opened = await openTestLedger();
    const { jobs } = opened.ledger;
    await jobAfter(jobs, []);
    await jobAfter(jobs, []);
    await jobAfter(jobs, toGenerating('g-1'));
    const before = await keysOf(opened);
    expect(await opened.ledger.load()).toMatchObject({ waitingJobs: 2, writesRefused: null, evictedKeys: 0 });
    expect(await keysOf(opened)).toEqual(before);
  });

  test('tells memory and its limit; without a limit there is none', async () => {
    const { ledger, redis } = await openPrivate();
    expect(await ledger.load()).toMatchObject({ usedMemoryBytes: expect.any(Number), memoryMaxBytes: null });
    await redis.config('SET', 'maxmemory', '100mb');
    expect(await ledger.load()).toMatchObject({ memoryMaxBytes: 104_857_600 });
  });

  test('shows a full server by its refusal of writes', async () => {
    const { ledger, redis } = await openPrivate();
    await redis.config('SET', 'maxmemory', '1');
    expect(await ledger.load()).toMatchObject({ writesRefused: 'OOM' });
  });

  test('shows a server that has too few replicas to take writes', async () => {
    const { ledger, redis } = await openPrivate();
    await redis.config('SET', 'min-replicas-to-write', '1');
    expect(await ledger.load()).toMatchObject({ writesRefused: 'NOREPLICAS' });
  });

  test('shows a read-only replica, and a server that became writable again', async () => {
    const { ledger, redis } = await openPrivate();
    await redis.replicaof('127.0.0.1', 1);
    expect(await ledger.load()).toMatchObject({ writesRefused: 'READONLY' });
    // The connection leaves a read-only server to look for the master.
    await expect.poll(() => redis.replicaof('NO', 'ONE').catch(() => 'away')).toBe('OK');
    await expect.poll(() => ledger.load().catch(() => null)).toMatchObject({ writesRefused: null });
  });

  test('counts what an eviction policy dropped', async () => {
    const { ledger, redis } = await openPrivate();
    await redis.config('SET', 'maxmemory-policy', 'allkeys-random');
    for (let count = 0; count < 50; count += 1) await redis.set(`filler:${count}`, 'x'.repeat(10_000));
    await redis.config('SET', 'maxmemory', '1mb');
    await expect.poll(async () => (await ledger.load()).evictedKeys).toBeGreaterThan(0);
  });

  test('is what the server may tell: where its questions are forbidden, memory is not known and nothing counts as refused', async () => {
    const { ledger, redis } = await openPrivate();
    await redis.acl('SETUSER', 'default', '-info', '-lpushx');
    expect(await ledger.load()).toEqual({
      waitingJobs: 0,
      writesRefused: null,
      usedMemoryBytes: null,
      memoryMaxBytes: null,
      evictedKeys: 0,
    });
    expect(await ledger.persistence()).toEqual({ appendOnly: null, maxmemoryPolicy: null });
  });
});
