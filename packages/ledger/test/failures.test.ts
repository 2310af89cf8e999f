import {
  failure,
  mayHaveBeenBilled,
  type ProviderEvidence,
  type VideoJob,
  type VideoJobEvent,
} from '@video-proxy/core';
import { failureGroupIdOf, type Ledger } from '@video-proxy/ledger';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidence, jobAfter, queuedJob, toGenerating } from './jobs.ts';
import { keysOf, type OpenedLedger, openTestLedger } from './open-ledger.ts';

const hourMs = 3_600_000;
/** A full hour, on the day the test jobs are made. */
const startMs = Date.UTC(2026, 10, 1);
const always = { fromMs: 0, toMs: startMs + 48 * hourMs, trend: { fromMs: startMs, stepMs: hourMs, count: 48 } };

const refused = (known: Partial<ProviderEvidence> = {}): VideoJobEvent => ({
  type: 'submit_refused',
  failure: failure('provider_auth_failed', { evidence: evidence(known) }),
});

async function fail(ledger: Ledger, atMs: number, known: Partial<VideoJob> = {}, event = refused()): Promise<VideoJob> {
  const job = queuedJob(known);
  await ledger.jobs.create(job, null);
  const result = await ledger.jobs.apply(job.id, event, atMs);
  if (result.kind !== 'changed') throw new Error('not failed');
  return result.job;
}

describe('failures are grouped', () => {
  test('by code, status and word of the provider, and model', async () => {
    const { ledger } = await openTestLedger();
    await fail(ledger, startMs);
    await fail(ledger, startMs);
    await fail(ledger, startMs, { model: 'openai/sora-2' });
    await fail(ledger, startMs, {}, refused({ statusCode: 403 }));
    await fail(ledger, startMs, {}, refused({ kind: 'expired key 17' }));
    const groups = await ledger.failures.groups(always);
    const told = groups.map(({ group, count }) => `${count} ${group.providerStatus} ${group.kind} ${group.model}`);
    expect(told[0]).toBe('2 401 null google/veo-3.1-t2v');
    expect(told.slice(1).toSorted()).toEqual([
      '1 401 expired key # google/veo-3.1-t2v',
      '1 401 null openai/sora-2',
      '1 403 null google/veo-3.1-t2v',
    ]);
  });

  test('with the time of the first and the last, samples, owners and a trend', async () => {
    const { ledger } = await openTestLedger();
    await fail(ledger, startMs + 1, { owner: 'acme/ann' });
    await fail(ledger, startMs + 2 * hourMs, { owner: 'acme/ann' });
    const last = await fail(ledger, startMs + 2 * hourMs + 5, { owner: 'zeta' });
    const [group] = await ledger.failures.groups(always);
    expect(group).toMatchObject({ count: 3, firstMs: startMs + 1, lastMs: startMs + 2 * hourMs + 5, unsafe: 0 });
    expect(group?.sampleIds).toHaveLength(3);
    expect(group?.sampleIds[0]).toBe(last.id);
    expect(group?.owners).toEqual([
      { owner: 'acme/ann', count: 2 },
      { owner: 'zeta', count: 1 },
    ]);
    expect(group?.ownersTotal).toBe(2);
    expect(group?.trend.slice(0, 4)).toEqual([1, 0, 2, 0]);
  });

  test('within the time asked for: from is in it, to is not', async () => {
    const { ledger } = await openTestLedger();
    for (const offset of [0, 1, 2]) await fail(ledger, startMs + offset * hourMs, { owner: `acme/${offset}` });
    const range = { fromMs: startMs + hourMs, toMs: startMs + 2 * hourMs };
    const [group] = await ledger.failures.groups({
      ...range,
      trend: { fromMs: range.fromMs, stepMs: hourMs, count: 1 },
    });
    expect(group).toMatchObject({ count: 1, owners: [{ owner: 'acme/1', count: 1 }], trend: [1] });
    expect(await ledger.failures.groups({ ...always, fromMs: startMs + 3 * hourMs })).toEqual([]);
  });

  test('with the number of those that may have been billed', async () => {
    const { ledger } = await openTestLedger();
    const timeout: VideoJobEvent = { type: 'deadline_passed' };
    await jobAfter(ledger.jobs, [...toGenerating('g-1'), timeout]);
    await jobAfter(ledger.jobs, [...toGenerating('g-2'), timeout]);
    const [group] = await ledger.failures.groups(always);
    expect(group).toMatchObject({ group: { code: 'generation_timeout' }, count: 2, unsafe: 2 });
  });

  test('exactly also when there are more than are looked at one by one', { timeout: 30_000 }, async () => {
    const { ledger } = await openTestLedger();
    for (let made = 0; made < 1_200; made += 200) {
      const atMs = startMs + (made < 400 ? 0 : hourMs);
      await Promise.all(Array.from({ length: 200 }, () => fail(ledger, atMs)));
    }
    const [group] = await ledger.failures.groups(always);
    expect(group).toMatchObject({ count: 1_200, ownersComplete: false });
    expect(group?.trend.slice(0, 3)).toEqual([400, 800, 0]);
  });
});

describe('a job leaves its group', () => {
  test.each<[string, (ledger: Ledger, job: VideoJob) => Promise<unknown>]>([
    ['when it is retried', (ledger, { id }) => ledger.jobs.apply(id, { type: 'retry_requested' }, startMs)],
    ['when it is deleted', (ledger, { id }) => ledger.jobs.delete(id)],
  ])('%s, and the last one takes every trace of the group along', async (_when, leave) => {
    const opened = await openTestLedger();
    await leave(opened.ledger, await fail(opened.ledger, startMs));
    expect(await opened.ledger.failures.groups(always)).toEqual([]);
    expect((await keysOf(opened)).filter((key) => key.includes('failures'))).toEqual([]);
  });

  test('for another one when a late word of the provider changes the failure', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, [...toGenerating('g-1'), { type: 'deadline_passed' }]);
    const verdict = failure('content_rejected', { evidence: evidence({ statusCode: 200 }) });
    await ledger.jobs.apply(job.id, { type: 'generation_failed', failure: verdict }, startMs + hourMs);
    const groups = await ledger.failures.groups(always);
    expect(groups.map(({ group, count, unsafe }) => [group.code, count, unsafe])).toEqual([['content_rejected', 1, 0]]);
  });

  test('and comes back to it when a recheck brings nothing new', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, [...toGenerating('g-1'), { type: 'deadline_passed' }]);
    await ledger.jobs.apply(job.id, { type: 'recheck_requested' }, startMs + hourMs);
    expect(await ledger.failures.groups(always)).toEqual([]);
    await ledger.jobs.apply(job.id, { type: 'recheck_ended' }, startMs + hourMs);
    expect(await ledger.failures.groups(always)).toMatchObject([{ count: 1, sampleIds: [job.id] }]);
  });
});

test('however many words the provider has, groups are bounded: what has no room is put together by code', async () => {
  const { ledger } = await openTestLedger();
  const word = (number: number) => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  const jobs = await Promise.all(
    Array.from({ length: 520 }, (_, index) => fail(ledger, startMs, {}, refused({ kind: word(index) }))),
  );
  const groups = await ledger.failures.groups(always);
  expect(groups).toHaveLength(501);
  expect(groups[0]).toMatchObject({ id: 'rest-provider_auth_failed', count: 20, group: { kind: null, model: null } });
  expect(await ledger.failures.complete()).toBe(true);
  for (const { id } of jobs) await ledger.jobs.apply(id, { type: 'retry_requested' }, startMs);
  expect(await ledger.failures.groups(always)).toEqual([]);
});

test('whatever happens to jobs, the groups hold exactly the failed ones', async () => {
  const events: readonly VideoJobEvent[] = [
    { type: 'submit_started' },
    { type: 'submit_accepted', generationId: 'g', usage: null },
    refused(),
    refused({ statusCode: 403, kind: 'blocked' }),
    { type: 'submit_lost', evidence: null },
    { type: 'submission_not_found' },
    { type: 'deadline_passed' },
    { type: 'generation_failed', failure: failure('content_rejected') },
    { type: 'retry_requested' },
    { type: 'recheck_requested' },
    { type: 'recheck_ended' },
    { type: 'cancel_requested' },
    { type: 'watch_ended' },
  ];
  const step = fc.record({ job: fc.nat(2), event: fc.constantFrom(...events) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { ledger } = await openTestLedger();
      const jobs = [queuedJob(), queuedJob({ owner: 'zeta' }), queuedJob({ model: 'openai/sora-2' })];
      for (const job of jobs) await ledger.jobs.create(job, null);
      for (const { job, event } of steps) await ledger.jobs.apply(jobs[job]?.id ?? '', event, startMs + hourMs);
      const now = await ledger.jobs.getMany(jobs.map(({ id }) => id));
      const failed = now.filter(({ lifecycle }) => lifecycle.state === 'failed');
      const groups = await ledger.failures.groups(always);
      const told = groups.flatMap(({ id, sampleIds }) => sampleIds.map((jobId) => `${id} ${jobId}`)).toSorted();
      expect(told).toEqual(failed.map((job) => `${failureGroupIdOf(job)} ${job.id}`).toSorted());
      const unsafe = failed.filter(({ lifecycle }) => mayHaveBeenBilled(lifecycle)).length;
      expect(groups.reduce((sum, group) => sum + group.unsafe, 0)).toBe(unsafe);
    }),
    { numRuns: 40 },
  );
});

describe('a version before, which knew no groups', () => {
  const withoutGroups = async ({ redis, namespace }: OpenedLedger) => {
    for (const key of await redis.keys(`{${namespace}}:failures*`)) await redis.del(key);
  };

  test('leaves failures that are found and sorted in', async () => {
    const opened = await openTestLedger();
    const { ledger } = opened;
    const job = await fail(ledger, startMs, { requestId: 'req_before' });
    await withoutGroups(opened);
    await fail(ledger, startMs + 1);
    expect(await ledger.failures.complete()).toBe(false);
    expect(await ledger.failures.adopt()).toBe(1);
    expect(await ledger.failures.complete()).toBe(true);
    const [group] = await ledger.failures.groups(always);
    expect(group).toMatchObject({ count: 2, firstMs: startMs });
    expect(group?.sampleIds).toContain(job.id);
    expect(await ledger.failures.adopt()).toBe(0);
  });

  test('in a rolling upgrade retries and deletes jobs, which are then taken out of their groups', async () => {
    const opened = await openTestLedger();
    const { ledger, redis, namespace } = opened;
    const kept = await fail(ledger, startMs);
    const saved = new Map<string, [key: string, members: string[]]>();
    const changed = [await fail(ledger, startMs), await fail(ledger, startMs, { model: 'openai/sora-2' })];
    for (const key of await redis.keys(`{${namespace}}:failures:*`)) {
      saved.set(key, [key, await redis.zrange(key, 0, '-1', 'WITHSCORES')]);
    }
    const common = await redis.hgetall(`{${namespace}}:failures`);
    await ledger.jobs.apply(changed[0]?.id ?? '', { type: 'retry_requested' }, startMs);
    await ledger.jobs.delete(changed[1]?.id ?? '');
    for (const [key, members] of saved.values()) {
      for (let at = 0; at < members.length; at += 2) await redis.zadd(key, members[at + 1] ?? 0, members[at] ?? '');
    }
    await redis.hset(`{${namespace}}:failures`, common);
    expect(await ledger.failures.complete()).toBe(false);
    expect(await ledger.failures.adopt()).toBe(2);
    expect(await ledger.failures.groups(always)).toMatchObject([{ count: 1, sampleIds: [kept.id] }]);
    expect(await ledger.failures.complete()).toBe(true);
  });
});
