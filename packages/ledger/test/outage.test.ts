import { afterTry, deliveryOf } from '@video-proxy/core';
import type { BulkPlan } from '@video-proxy/ledger';
import { isRedisUnavailable } from '@video-proxy/redis';
import { hasRedisServerProgram, startTcpProxy, testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { jobAfter, queuedJob, toCompleted } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';
import { privateRedis } from './private-redis.ts';

const inputFile = {
  id: 'file_01k8z3v9q4n7x2m5t6r8w0y1kf',
  owner: 'client',
  filename: 'kite.png',
  contentType: 'image/png',
  sizeBytes: 9,
  storageKey: 'inputs/kf/kite.png',
  secret: 'secret',
  createdAtMs: 1_000,
};
const bulkPlan: BulkPlan = {
  action: 'retry',
  filter: {},
  matched: 3,
  unsafe: 0,
  estimatedUsd: null,
  estimatedUnsafeUsd: null,
  unpriced: 3,
  byCode: {},
  truncated: false,
};

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

describe('while Redis is away', () => {
  test.each(['refuses connections', 'hangs'])('and %s, a request hears so within two seconds', async (how) => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const { ledger } = await openTestLedger({ url: proxy.url });
    const job = await jobAfter(ledger.jobs, []);
    if (how === 'hangs') proxy.pause();
    else await proxy.cut();
    const startedMs = performance.now();
    const errors = await Promise.all([
      rejection(ledger.jobs.get(job.id)),
      rejection(ledger.jobs.create(queuedJob(), null)),
      rejection(ledger.jobs.list({ limit: 10 })),
      rejection(ledger.ping()),
    ]);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(errors.map(isRedisUnavailable)).toEqual([true, true, true, true]);
    await proxy.resume();
    await expect.poll(() => ledger.jobs.get(job.id).catch(() => null), { timeout: 5_000 }).toEqual(job);
  });
});

describe('a write whose answer got lost', () => {
  test('is repeated by the connection and recognised: the writer hears that it won', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const namespace = testNamespace();
    const writer = await openTestLedger({ url: proxy.url, namespace, role: 'blocking' });
    const observer = await openTestLedger({ namespace });
    const job = await jobAfter(writer.ledger.jobs, []);

    // The read of the job passes; the answer to the write is held back and then lost.
    const version = async () => (await observer.ledger.jobs.events(job.id, { limit: 10 })).length;
    const get = writer.redis.lindex.bind(writer.redis);
    writer.redis.lindex = async (...args: Parameters<typeof get>) => {
      const text = await get(...args);
      proxy.pause('answers');
      return text;
    };
    const claim = writer.ledger.jobs.apply(job.id, { type: 'submit_started' }, 42);
    await expect.poll(version).toBe(2);
    await proxy.cut();
    await proxy.resume();

    expect((await claim).kind).toBe('changed');
    expect(await version()).toBe(2);
  });

  test('of an input file counts its size once', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const namespace = testNamespace();
    const writer = await openTestLedger({ url: proxy.url, namespace, role: 'blocking' });
    const observer = await openTestLedger({ namespace });
    const usage = () => observer.ledger.inputs.usageOf('client');

    proxy.pause('answers');
    const written = writer.ledger.inputs.create(inputFile);
    await expect.poll(usage).toEqual({ count: 1, sizeBytes: 9 });
    await proxy.cut();
    await proxy.resume();

    await written;
    expect(await usage()).toEqual({ count: 1, sizeBytes: 9 });
  });

  test('of a webhook that was not taken counts one try', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const namespace = testNamespace();
    const writer = await openTestLedger({ url: proxy.url, namespace, role: 'blocking' });
    const observer = await openTestLedger({ namespace });
    const { deliveries, jobs } = observer.ledger;
    const job = await jobAfter(jobs, toCompleted('g-1'), { webhookUrl: 'https://hooks.example/videos' });
    const delivery = deliveryOf(job, 1_000);
    if (delivery === null) throw new Error('its end calls for none');
    await deliveries.announce(delivery, 60_000);
    const tries = async () => (await deliveries.get(delivery.id))?.tries.length;

    const refused = { kind: 'not_taken', statusCode: 500, finding: 'it answered 500' } as const;
    const tried = writer.ledger.deliveries.change(
      delivery.id,
      (current) => {
        if (current.tries.length === 0) proxy.pause('answers');
        return afterTry(current, refused, 2_000, 0);
      },
      { nowMs: 2_000, lifetimeMs: 60_000 },
    );
    await expect.poll(tries).toBe(1);
    await proxy.cut();
    await proxy.resume();

    expect(await tried).toMatchObject({ kind: 'written' });
    expect(await tries()).toBe(1);
  });

  test('of a bulk action keeps each of its jobs once, in their order', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const namespace = testNamespace();
    const writer = await openTestLedger({ url: proxy.url, namespace, role: 'blocking' });
    const observer = await openTestLedger({ namespace });
    const seen = Array.from({ length: 3 }, () => ({ id: queuedJob().id, attempt: 1 }));
    const lists = () => observer.redis.keys(`{${namespace}}:bulk*`);

    proxy.pause('answers');
    const planned = writer.ledger.bulk.plan(bulkPlan, seen, 1_000);
    await expect.poll(lists).toHaveLength(1);
    await proxy.cut();
    await proxy.resume();

    expect(await observer.ledger.bulk.slice(await planned, 10)).toEqual(seen);
  });
});

test('every acknowledged write is there after Redis was killed and started again', async ({ skip }) => {
  skip(!(await hasRedisServerProgram()));
  const start = await privateRedis('append-only');
  const first = await start();
  const { ledger } = await openTestLedger({ url: first.url, namespace: 'vp' });
  const acknowledged: string[] = [];
  let running = true;
  const writers = Array.from({ length: 10 }, async () => {
    while (running) {
      const job = queuedJob();
      await ledger.jobs.create(job, { key: job.id, fingerprint: job.id });
      acknowledged.push(job.id);
    }
  });
  const stopped = Promise.allSettled(writers);
  await expect.poll(() => acknowledged.length).toBeGreaterThan(200);
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  running = false;
  await stopped;

  await start();
  const known = [...acknowledged];
  await expect
    .poll(
      () =>
        ledger.ping().then(
          () => 'there',
          () => 'away',
        ),
      { timeout: 5_000 },
    )
    .toBe('there');
  const found = await Promise.all(known.map((id) => ledger.jobs.get(id)));
  expect(found.filter((job) => job === null)).toEqual([]);
  expect(await ledger.persistence()).toEqual({ appendOnly: true, maxmemoryPolicy: 'noeviction' });
});

test('a full Redis is told from a mistake, and what it refuses is not half written', async () => {
  const start = await privateRedis('none');
  const { url } = await start();
  const { ledger, redis } = await openTestLedger({ url, namespace: 'vp' });
  const job = await jobAfter(ledger.jobs, []);
  await redis.config('SET', 'maxmemory', '1mb');
  expect(isRedisUnavailable(await rejection(ledger.jobs.create(queuedJob(), null)))).toBe(true);
  expect(isRedisUnavailable(await rejection(ledger.jobs.apply(job.id, { type: 'submit_started' }, 1)))).toBe(true);
  expect(isRedisUnavailable(await rejection(ledger.questions.ask('probe')))).toBe(true);
  expect(isRedisUnavailable(await rejection(ledger.bulk.plan(bulkPlan, [job], 1)))).toBe(true);
  expect(await ledger.jobs.get(job.id)).toEqual(job);
  expect((await ledger.jobs.list({ limit: 10 })).jobs).toEqual([job]);
  await redis.config('SET', 'maxmemory', '0');
  expect((await ledger.jobs.apply(job.id, { type: 'submit_started' }, 1)).kind).toBe('changed');
});
