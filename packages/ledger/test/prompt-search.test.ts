import type { Ledger, PromptSearch } from '@video-proxy/ledger';
import { describe, expect, test } from 'vitest';
import { jobAfter, queuedJob, refusal } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

async function search(ledger: Ledger, words: string, known: Partial<PromptSearch> = {}) {
  return ledger.jobs.searchPrompts({ words: words.split(' '), limit: 10, ...known });
}

describe('a search for words', () => {
  test.each([
    ['fox', ['A red fox in the snow']],
    ['FOX snow', ['A red fox in the snow']],
    ['fox desert', []],
    ['ÉTÉ', ["Un été à l'ombre"]],
    ['狐狸', ['雪地里的狐狸']],
    ['"quoted"\\', ['a "quoted"\\ thing\n<script>']],
    ['veo', []],
  ])('for %j finds prompts that have them all, and looks at nothing but prompts', async (words, expected) => {
    const { ledger } = await openTestLedger();
    const prompts = ['A red fox in the snow', "Un été à l'ombre", '雪地里的狐狸', 'a "quoted"\\ thing\n<script>', null];
    for (const prompt of prompts) await ledger.jobs.create(queuedJob({ prompt }), null);
    const page = await search(ledger, words);
    expect(page.jobs.map(({ prompt }) => prompt)).toEqual(expected);
    expect(page).toMatchObject({ hasMore: false, next: null, searched: 5, searchedUntilMs: null });
  });

  test('comes page by page, newest first, and keeps to the other conditions', async () => {
    const { ledger } = await openTestLedger();
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      ids.unshift((await jobAfter(ledger.jobs, [refusal()], { prompt: `fox ${number}` })).id);
      await ledger.jobs.create(queuedJob({ prompt: 'a fox that waits' }), null);
    }
    const filter = { states: ['failed'] as const };
    const first = await search(ledger, 'fox', { ...filter, limit: 2 });
    expect(first.jobs.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first).toMatchObject({ hasMore: true, next: ids[1], searchedUntilMs: first.jobs[1]?.createdAtMs });
    const rest = await search(ledger, 'fox', { ...filter, after: first.next ?? '' });
    expect(rest.jobs.map(({ id }) => id)).toEqual(ids.slice(2));
    expect((await search(ledger, 'fox', { after: 'nonsense' })).jobs).toEqual([]);
  });

  test('finds the job of a request as well, whatever its prompt', async () => {
    const { ledger } = await openTestLedger();
    const job = queuedJob({ requestId: 'req_Needle' });
    await ledger.jobs.create(job, null);
    await ledger.jobs.create(queuedJob({ requestId: 'req_needle_2' }), null);
    const page = await search(ledger, 'req_Needle', { requestId: 'req_Needle' });
    expect(page.jobs.map(({ id }) => id)).toEqual([job.id]);
  });

  test('looks at a bounded number of jobs, says how far it came, and goes on there', { timeout: 60_000 }, async () => {
    const { ledger } = await openTestLedger();
    const needle = queuedJob({ prompt: 'the needle' });
    await ledger.jobs.create(needle, null);
    for (let made = 0; made < 3_500; made += 500) {
      await Promise.all(Array.from({ length: 500 }, () => ledger.jobs.create(queuedJob({ prompt: 'hay' }), null)));
    }
    const first = await search(ledger, 'needle');
    expect(first).toMatchObject({ jobs: [], hasMore: true });
    expect(first.searched).toBeLessThan(3_500);
    expect(first.searchedUntilMs).toBeGreaterThan(needle.createdAtMs);
    const second = await search(ledger, 'needle', { after: first.next ?? '' });
    expect(second.jobs.map(({ id }) => id)).toEqual([needle.id]);
    expect(first.searched + second.searched).toBe(3_501);
  });

  test('is not kept busy by jobs with pictures in them: it takes fewer at once', async () => {
    const { ledger } = await openTestLedger();
    const parameters = { image: 'x'.repeat(900_000) };
    for (let number = 0; number < 6; number += 1) {
      await ledger.jobs.create(queuedJob({ prompt: `fox ${number}`, parameters }), null);
    }
    const page = await search(ledger, 'fox 0');
    expect(page.jobs.map(({ prompt }) => prompt)).toEqual(['fox 0']);
    expect(page).toMatchObject({ hasMore: false, searched: 6 });
  });
});

describe('names', () => {
  test('of a failed job lead to it: also that of the request it came with, until it is retried', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, [refusal('their-request')], { requestId: 'req_ours' });
    expect(await ledger.jobs.findByName('their-request')).toEqual({ id: job.id, name: 'provider_request_id' });
    expect(await ledger.jobs.findByName('req_ours')).toEqual({ id: job.id, name: 'request_id' });
    await ledger.jobs.apply(job.id, { type: 'retry_requested' }, Date.now());
    expect(await ledger.jobs.findByName('req_ours')).toBeNull();
  });

  test('of owners are known while they have jobs', async () => {
    const { ledger } = await openTestLedger();
    await jobAfter(ledger.jobs, [refusal()], { owner: 'acme/ann' });
    expect(await ledger.jobs.ownersAmong(['ann', 'acme', 'acme/ann', 'zeta/ann'])).toEqual(['acme', 'acme/ann']);
  });
});

test('a list can be that of several owners, and of one group of failures', async () => {
  const { ledger } = await openTestLedger();
  const ann = await jobAfter(ledger.jobs, [refusal()], { owner: 'acme/ann' });
  const bob = await jobAfter(ledger.jobs, [refusal()], { owner: 'zeta/bob' });
  await jobAfter(ledger.jobs, [], { owner: 'zeta/ann' });
  const trend = { fromMs: 0, stepMs: 1, count: 0 };
  const [group] = await ledger.failures.groups({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, trend });
  const listed = async (filter: object) => (await ledger.jobs.list({ limit: 10, ...filter })).jobs.map(({ id }) => id);
  expect(await listed({ owners: ['acme/ann', 'zeta/bob'] })).toEqual([bob.id, ann.id]);
  expect(await listed({ failureGroup: group?.id })).toEqual([bob.id, ann.id]);
  expect(await listed({ failureGroup: group?.id, owner: 'acme' })).toEqual([ann.id]);
  expect(await listed({ failureGroup: 'another' })).toEqual([]);
});
