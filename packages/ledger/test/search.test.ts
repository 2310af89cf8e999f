import { failure, type VideoJob, type VideoJobEvent, type VideoJobState, videoJobStates } from '@video-proxy/core';
import type { VideoJobFilter, VideoJobRecords } from '@video-proxy/ledger';
import { describe, expect, test } from 'vitest';
import { jobAfter, queuedJob, refusal, success, toCompleted, toGenerating, video } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

const ids = (jobs: readonly VideoJob[]) => jobs.map(({ id }) => id);

async function idsOfAllPages(jobs: VideoJobRecords, filter: VideoJobFilter, limit: number): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = await jobs.list({ ...filter, limit, ...(after === null ? {} : { after }) });
    expect(page.hasMore).toBe(page.next !== null);
    found.push(...ids(page.jobs));
    after = page.next;
  } while (after !== null);
  return found;
}

test('ended jobs that are still looked at are found, oldest first, until that is over', async () => {
  const { ledger } = await openTestLedger();
  const timedOut = (generationId: string): VideoJobEvent[] => [
    ...toGenerating(generationId),
    { type: 'deadline_passed' },
  ];
  const made = [
    await jobAfter(ledger.jobs, timedOut('g-1')),
    await jobAfter(ledger.jobs, [...toGenerating('g-2'), { type: 'cancel_requested' }, { type: 'deadline_passed' }]),
    await jobAfter(ledger.jobs, timedOut('g-3')),
    await jobAfter(ledger.jobs, timedOut('g-4')),
  ];
  await jobAfter(ledger.jobs, [{ type: 'submit_started' }, refusal()]);
  expect(await allOf(ledger.jobs.watchedIds())).toEqual(ids(made));
  const [one, two, three, four] = ids(made);
  await ledger.jobs.apply(one ?? '', { type: 'watch_ended' }, 1);
  await ledger.jobs.apply(two ?? '', { type: 'retry_requested' }, 1);
  await ledger.jobs.apply(three ?? '', { type: 'generation_failed', failure: failure('provider_error') }, 1);
  expect(await allOf(ledger.jobs.watchedIds())).toEqual([four]);
});

async function allOf(slices: AsyncIterable<readonly string[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const slice of slices) all.push(...slice);
  return all;
}

describe('a list', () => {
  test.each<[string, VideoJobFilter, number[]]>([
    ['nothing: all jobs', {}, [5, 4, 3, 2, 1, 0]],
    ['a client: with those of its users', { client: 'acme' }, [5, 3, 2, 1, 0]],
    ['an owner without a user: the same', { owner: 'acme' }, [5, 3, 2, 1, 0]],
    ['a user: only theirs', { owner: 'acme/ann' }, [2, 0]],
    ['somebody who has none', { owner: 'acme/an' }, []],
    ['a model', { model: 'b' }, [3, 2]],
    ['a state', { states: ['queued'] }, [5, 3]],
    ['several states', { states: ['completed', 'generating', 'queued'] }, [5, 3, 2, 1]],
    ['no state', { states: [] }, []],
    ['a failure', { code: 'provider_auth_failed' }, [4]],
    ['cancellation', { code: 'cancelled' }, [0]],
    ['several things at once', { client: 'acme', model: 'b', states: ['queued', 'completed'] }, [3, 2]],
    ['things that never meet', { owner: 'other', model: 'b' }, []],
  ])('by %s is newest first', async (_by, filter, expected) => {
    const { ledger } = await openTestLedger();
    const made = [
      await jobAfter(ledger.jobs, [{ type: 'cancel_requested' }], { owner: 'acme/ann', model: 'a' }),
      await jobAfter(ledger.jobs, toGenerating('g-1'), { owner: 'acme/bob', model: 'a' }),
      await jobAfter(ledger.jobs, toCompleted('g-2'), { owner: 'acme/ann', model: 'b' }),
      await jobAfter(ledger.jobs, [], { owner: 'acme', model: 'b' }),
      await jobAfter(ledger.jobs, [{ type: 'submit_started' }, refusal()], { owner: 'other', model: 'a' }),
      await jobAfter(ledger.jobs, [], { owner: 'acme/bob', model: 'a' }),
    ];
    expect(await ledger.jobs.list({ ...filter, limit: 100 })).toEqual({
      jobs: expected.map((index) => made[index]),
      hasMore: false,
      next: null,
    });
    expect(await idsOfAllPages(ledger.jobs, filter, 1)).toEqual(expected.map((index) => made[index]?.id));
  });

  test('by time takes from inclusive to exclusive', async () => {
    const { ledger } = await openTestLedger();
    const made = [];
    for (let count = 0; count < 4; count += 1) made.push(await jobAfter(ledger.jobs, []));
    const [, second, third, fourth] = made;
    const page = await ledger.jobs.list({
      fromMs: second?.createdAtMs ?? 0,
      toMs: fourth?.createdAtMs ?? 0,
      limit: 10,
    });
    expect(page.jobs).toEqual([third, second]);
  });

  test('does not shift when jobs come and change between its pages', async () => {
    const { ledger } = await openTestLedger();
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.unshift((await jobAfter(ledger.jobs, [])).id);
    const first = await ledger.jobs.list({ limit: 3 });
    for (let count = 0; count < 5; count += 1) await jobAfter(ledger.jobs, []);
    await ledger.jobs.apply(made[1] ?? '', { type: 'cancel_requested' }, 1);
    await ledger.jobs.apply(made[2] ?? '', { type: 'cancel_requested' }, 1);
    await ledger.jobs.delete(made[2] ?? '');
    const second = await ledger.jobs.list({ limit: 3, after: first.next ?? '' });
    const third = await ledger.jobs.list({ limit: 3, after: second.next ?? '' });
    expect([first, second, third].map(({ jobs }) => ids(jobs))).toEqual([
      made.slice(0, 3),
      made.slice(3, 6),
      made.slice(6),
    ]);
    expect(third.hasMore).toBe(false);
  });

  test('oldest first goes on after the last job of the page before, with those that came meanwhile at its end', async () => {
    const { ledger } = await openTestLedger();
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.push((await jobAfter(ledger.jobs, [])).id);
    const first = await ledger.jobs.list({ order: 'oldest', limit: 2 });
    made.push((await jobAfter(ledger.jobs, [])).id);
    await ledger.jobs.apply(made[1] ?? '', { type: 'cancel_requested' }, 1);
    await ledger.jobs.delete(made[1] ?? '');
    const second = await ledger.jobs.list({ order: 'oldest', limit: 2, after: first.next ?? '' });
    expect([...ids(first.jobs), ...ids(second.jobs)]).toEqual(made);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
  });

  test('oldest first by time takes from inclusive to exclusive', async () => {
    const { ledger } = await openTestLedger();
    const made: VideoJob[] = [];
    for (let count = 0; count < 4; count += 1) made.push(await jobAfter(ledger.jobs, []));
    const [first, second, third, fourth] = made;
    const between = { order: 'oldest', fromMs: second?.createdAtMs ?? 0, toMs: fourth?.createdAtMs ?? 0 } as const;
    const afterFirst = await ledger.jobs.list({ ...between, limit: 10, after: first?.id ?? '' });
    expect(afterFirst.jobs).toEqual([second, third]);
    expect((await ledger.jobs.list({ ...between, limit: 10, after: second?.id ?? '' })).jobs).toEqual([third]);
  });

  test('after something that is not a job is empty', async () => {
    const { ledger } = await openTestLedger();
    await jobAfter(ledger.jobs, []);
    expect(await ledger.jobs.list({ limit: 3, after: 'nonsense' })).toEqual({ jobs: [], hasMore: false, next: null });
  });

  test('of a few among many comes in bounded calls that together find them all', async () => {
    const { ledger, redis, namespace } = await openTestLedger();
    const wanted = await jobAfter(ledger.jobs, [], { owner: 'acme', model: 'm' });
    // Two large indexes that have only that one job in common.
    for (const index of ['owner:acme', 'model:m']) {
      const others = Array.from({ length: 12_000 }, () => ['0', queuedJob().id.slice('video_'.length)]);
      await redis.zadd(`{${namespace}}:${index}`, ...others.flat());
    }
    const first = await ledger.jobs.list({ owner: 'acme', model: 'm', limit: 5 });
    expect(first).toMatchObject({ jobs: [], hasMore: true });
    expect(await idsOfAllPages(ledger.jobs, { owner: 'acme', model: 'm' }, 100)).toEqual([wanted.id]);
  });
});

describe('every job is in the index of its state and in no other', () => {
  test('all along its way', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, []);
    const where = async (): Promise<VideoJobState[]> => {
      const counts = await ledger.jobs.counts();
      return videoJobStates.filter((state) => counts[state] > 0);
    };
    expect(await where()).toEqual(['queued']);
    for (const event of [...toCompleted('g-1')]) {
      const result = await ledger.jobs.apply(job.id, event, 1);
      expect(await where()).toEqual(result.kind === 'changed' && [result.job.lifecycle.state]);
    }
  });
});

describe('slices', () => {
  test('of a state go through all its jobs, oldest first', async () => {
    const { ledger } = await openTestLedger();
    const made: VideoJob[] = [];
    for (let count = 0; count < 5; count += 1) made.push(await jobAfter(ledger.jobs, []));
    await jobAfter(ledger.jobs, toGenerating('g-1'));
    const first = await ledger.jobs.inState('queued', { limit: 3 });
    const second = await ledger.jobs.inState('queued', { limit: 3, cursor: first.cursor });
    expect([...first.jobs, ...second.jobs]).toEqual(made);
    expect(second.cursor).toBeNull();
    const older = await ledger.jobs.inState('queued', { limit: 3, createdBeforeMs: made[1]?.createdAtMs ?? 0 });
    expect(older.jobs).toEqual(made.slice(0, 1));
  });

  test('of ids go through all jobs in a state, oldest first, and lead to the documents that are still there', async () => {
    const { ledger } = await openTestLedger();
    const jobs = Array.from({ length: 510 }, () => queuedJob());
    await Promise.all(jobs.map((job) => ledger.jobs.create(job, null)));
    await jobAfter(ledger.jobs, toGenerating('g-1'));
    const slices: (readonly string[])[] = [];
    for await (const ids of ledger.jobs.idsInState('queued')) slices.push(ids);
    expect(slices.flat()).toEqual(jobs.map(({ id }) => id));
    expect(Math.max(...slices.map((ids) => ids.length))).toBeLessThan(jobs.length);
    const [first, second] = jobs;
    expect(await ledger.jobs.getMany([second?.id ?? '', 'video_unknown', queuedJob().id, first?.id ?? ''])).toEqual([
      second,
      first,
    ]);
    expect(await ledger.jobs.getMany([])).toEqual([]);
  });

  test('of expired jobs leave out what has not ended, or ended later', async () => {
    const { ledger } = await openTestLedger();
    const done = await jobAfter(ledger.jobs, toCompleted('g-1'));
    await jobAfter(ledger.jobs, toGenerating('g-2'));
    const retriedLong = await jobAfter(ledger.jobs, [
      { type: 'submit_started' },
      refusal(),
      { type: 'retry_requested' },
    ]);
    const cancelled = await jobAfter(ledger.jobs, [{ type: 'cancel_requested' }]);
    const boundMs = cancelled.createdAtMs + 60_000;
    await ledger.jobs.apply(retriedLong.id, { type: 'cancel_requested' }, boundMs);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const slice = await ledger.jobs.endedBefore(boundMs, { limit: 1, cursor });
      found.push(...ids(slice.jobs));
      cursor = slice.cursor;
    } while (cursor !== null);
    expect(found).toEqual([done.id, cancelled.id]);
  });
});

describe('a job is found', () => {
  test('by the generation ids of all its attempts', async () => {
    const { ledger } = await openTestLedger();
    const failed = { type: 'generation_failed', failure: failure('provider_error') } as const;
    const job = await jobAfter(ledger.jobs, [
      ...toGenerating('g-1'),
      failed,
      { type: 'retry_requested' },
      ...toGenerating('g-2'),
    ]);
    expect(await ledger.jobs.findByGenerationId('g-1')).toBe(job.id);
    expect(await ledger.jobs.findByGenerationId('g-2')).toBe(job.id);
    expect(await ledger.jobs.findByGenerationId('g-3')).toBeNull();
  });

  test("by the provider's request id of its failure, also after a retry", async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, [
      { type: 'submit_started' },
      refusal('hRNOI9BM'),
      { type: 'retry_requested' },
    ]);
    expect(await ledger.jobs.findByProviderRequestId('hRNOI9BM')).toBe(job.id);
    expect(await ledger.jobs.findByGenerationId('hRNOI9BM')).toBeNull();
  });

  test("by the provider's request ids of the answers that went well, until it is deleted", async () => {
    const { ledger, redis, namespace } = await openTestLedger();
    const taken: VideoJobEvent = {
      type: 'submit_accepted',
      generationId: 'g-1',
      usage: null,
      providerRequestId: 'r-1',
    };
    const job = await jobAfter(ledger.jobs, [
      { type: 'submit_started' },
      taken,
      { ...success, providerRequestId: 'r-2' },
      { type: 'artifact_stored', video },
    ]);
    expect(await ledger.jobs.findByProviderRequestId('r-1')).toBe(job.id);
    expect(await ledger.jobs.findByProviderRequestId('r-2')).toBe(job.id);
    await ledger.jobs.delete(job.id);
    expect(await redis.exists(`{${namespace}}:provider-ids`)).toBe(0);
  });

  test('by its last request ids only, when it is put off again and again', async () => {
    const { ledger, redis, namespace } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, []);
    for (let count = 0; count < 20; count += 1) {
      await ledger.jobs.apply(job.id, { type: 'submit_started' }, count);
      await ledger.jobs.apply(job.id, refusal(`r-${count}`), count);
      await ledger.jobs.apply(job.id, { type: 'retry_requested' }, count);
    }
    expect(await ledger.jobs.findByProviderRequestId('r-19')).toBe(job.id);
    expect(await ledger.jobs.findByProviderRequestId('r-0')).toBeNull();
    expect(await redis.hlen(`{${namespace}}:provider-ids`)).toBe(16);
  });
});
