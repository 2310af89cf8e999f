import { expect, test } from 'vitest';
import { evidence, jobAfter, refusal, success, toCompleted, toGenerating } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

test('a history tells every change once, in order, with what was said', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, toCompleted('g-1'));
  const at = (seconds: number) => job.createdAtMs + 1_000 * seconds;
  expect(await ledger.jobs.events(job.id, { limit: 100 })).toEqual([
    { id: '1', atMs: at(0), type: 'created', state: 'queued', details: {} },
    { id: '2', atMs: at(1), type: 'submit_started', state: 'submitting', details: {} },
    {
      id: '3',
      atMs: at(2),
      type: 'submit_accepted',
      state: 'generating',
      details: { generationId: 'g-1', usage: { heldUsd: 1.26 } },
    },
    { id: '4', atMs: at(3), type: 'generation_succeeded', state: 'storing', details: {} },
    { id: '5', atMs: at(4), type: 'artifact_stored', state: 'completed', details: {} },
  ]);
});

test('a history goes on after the line that was seen last', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, toCompleted('g-1'));
  const ids = async (after: string, limit: number) =>
    (await ledger.jobs.events(job.id, { after, limit })).map(({ id }) => id);
  expect(await ids('2', 2)).toEqual(['3', '4']);
  expect(await ids('5', 2)).toEqual([]);
  expect(await ids('0', 1)).toEqual(['1']);
  expect(await ids('not a number', 10)).toEqual([]);
});

test('a failure is kept word for word, without what nobody said', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, [{ type: 'submit_started' }, refusal('hRNOI9BMsuLeZ76UNdGhS')]);
  const [last] = (await ledger.jobs.events(job.id, { limit: 100 })).slice(-1);
  const { kind: _, clientRequestId: __, ...said } = evidence({ requestId: 'hRNOI9BMsuLeZ76UNdGhS' });
  expect(last?.details).toMatchObject({ failure: { code: 'provider_auth_failed', billed: 'no', evidence: said } });
  expect(JSON.stringify(last)).not.toContain('null');
});

test('a good answer is kept by its name', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, [...toGenerating('g-1'), { ...success, providerRequestId: 'r-2' }]);
  const [last] = (await ledger.jobs.events(job.id, { limit: 100 })).slice(-1);
  expect(last?.details).toEqual({ providerRequestId: 'r-2' });
});

test("the provider's address of a file is not in the history", async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, [...toGenerating('g-1'), success]);
  expect(JSON.stringify(await ledger.jobs.events(job.id, { limit: 100 }))).not.toContain('provider.example');
});

test('who asked for a change and why is part of its line', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, []);
  await ledger.jobs.apply(job.id, { type: 'cancel_requested' }, 42, {
    circumstances: { by: 'ops', reason: 'duplicate' },
  });
  const [last] = (await ledger.jobs.events(job.id, { limit: 100 })).slice(-1);
  expect(last?.details).toEqual({ by: 'ops', reason: 'duplicate' });
});

test('an observation adds a line and changes nothing', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, toGenerating('g-1'));
  const details = { evidence: { statusCode: 503, requestId: 'r-1' }, note: 'a "quoted" word' };
  expect(await ledger.jobs.note(job.id, { type: 'poll_unavailable', atMs: 42, details })).toBe(true);
  expect(await ledger.jobs.get(job.id)).toEqual(job);
  const [last] = (await ledger.jobs.events(job.id, { limit: 100 })).slice(-1);
  expect(last).toEqual({ id: '4', atMs: 42, type: 'poll_unavailable', state: 'generating', details });
});

test('a history is bounded: old lines go, the numbers go on, and the job itself stays', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, [{ type: 'submit_started' }]);
  for (let count = 0; count < 250; count += 1) await ledger.jobs.note(job.id, { type: 'poll_recovered', atMs: count });
  const events = await ledger.jobs.events(job.id, { limit: 1_000 });
  expect(events).toHaveLength(200);
  expect([events[0]?.id, events.at(-1)?.id]).toEqual(['53', '252']);
  expect(await ledger.jobs.get(job.id)).toEqual(job);
});
