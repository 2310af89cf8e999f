import { readFileSync } from 'node:fs';
import { terminalStates, type VideoJob, type VideoJobEvent, type VideoJobState } from '@video-proxy/core';
import { connectToTestRedis, type StoredKeys, writeStoredKeys } from '@video-proxy/testkit';
import { expect, test } from 'vitest';
import { acceptance, refusal, success, video } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

// What an earlier version left in Redis is what a deploy finds there. The fixture is never edited: see its README.

interface Written {
  readonly jobs: Readonly<Record<string, VideoJob>>;
  readonly keys: StoredKeys;
}

const written = JSON.parse(
  readFileSync(new URL('./fixtures/written-by-0.1.0.json', import.meta.url), 'utf8'),
) as Written;
const jobNames = Object.keys(written.jobs);

async function openWritten() {
  const opened = await openTestLedger();
  await using redis = connectToTestRedis();
  await writeStoredKeys(redis, opened.namespace, written.keys);
  return opened.ledger;
}

function jobOf(name: string): VideoJob {
  const job = written.jobs[name];
  if (job === undefined) throw new Error(`the fixture has no job "${name}"`);
  return job;
}

test.each(jobNames)('a job that an earlier version left is read as it was: %s', async (name) => {
  const { jobs } = await openWritten();
  const job = jobOf(name);
  expect(await jobs.get(job.id)).toMatchObject(job);
  const history = await jobs.events(job.id, { limit: 100 });
  expect(history[0]).toMatchObject({ id: '1', type: 'created', state: 'queued' });
  expect(history.at(-1)?.state).toBe(job.lifecycle.state);
});

const stored: VideoJobEvent = { type: 'artifact_stored', video };
const sent: VideoJobEvent = { type: 'submit_started' };
const cancel: VideoJobEvent = { type: 'cancel_requested' };
const retry: VideoJobEvent = { type: 'retry_requested' };
const untilStored = (generationId: string): VideoJobEvent[] => [acceptance(generationId), success, stored];

test.each<[string, VideoJobEvent[], VideoJobState]>([
  ['queued', [sent, ...untilStored('n-1')], 'completed'],
  ['queued again', [sent, ...untilStored('n-2')], 'completed'],
  ['created with an idempotency key', [cancel], 'cancelled'],
  ['deferred', [sent, ...untilStored('n-3')], 'completed'],
  ['submitting', untilStored('n-4'), 'completed'],
  ['lost with evidence', untilStored('n-5'), 'completed'],
  ['lost with a worker', [{ type: 'submission_not_found' }], 'failed'],
  ['generating', [success, stored], 'completed'],
  ['generating, price unknown', [success, stored], 'completed'],
  ['storing', [stored], 'completed'],
  ['cancelling a request', [refusal('n-6')], 'cancelled'],
  ['cancelling a lost request', untilStored('n-7'), 'cancelled'],
  ['cancelling a generation', [success, stored], 'cancelled'],
  ['cancelling a download', [stored], 'cancelled'],
  ['refused', [retry, sent, ...untilStored('n-8')], 'completed'],
  ['held too long', [retry, sent, ...untilStored('n-9')], 'completed'],
  ['cancelled unsent', [retry, sent, ...untilStored('n-10')], 'completed'],
])('a job that an earlier version left is moved on to its end: %s', async (name, events, end) => {
  const { jobs } = await openWritten();
  const job = jobOf(name);
  const linesBefore = (await jobs.events(job.id, { limit: 100 })).length;
  for (const event of events) expect((await jobs.apply(job.id, event, Date.now())).kind, event.type).toBe('changed');
  expect((await jobs.get(job.id))?.lifecycle.state).toBe(end);
  expect((await jobs.events(job.id, { limit: 100 })).length).toBe(linesBefore + events.length);
  expect((await idsIn(jobs, end)).includes(job.id)).toBe(true);
  if (job.lifecycle.state !== end) expect(await idsIn(jobs, job.lifecycle.state)).not.toContain(job.id);
});

test('the indexes that an earlier version left find its jobs', async () => {
  const { jobs } = await openWritten();
  const all = Object.values(written.jobs);
  const newestFirst = all
    .map(({ id }) => id)
    .sort()
    .reverse();
  expect((await jobs.list({ limit: 100 })).jobs.map(({ id }) => id)).toEqual(newestFirst);
  for (const [state, count] of Object.entries(await jobs.counts())) {
    expect(count, state).toBe(all.filter(({ lifecycle }) => lifecycle.state === state).length);
  }
  const bob = jobOf('created with an idempotency key');
  expect((await jobs.list({ owner: 'acme/bob', model: bob.model, limit: 9 })).jobs).toMatchObject([bob]);
  expect((await jobs.list({ code: 'generation_timeout', limit: 9 })).jobs).toMatchObject([jobOf('too slow')]);
  expect(await jobs.findByGenerationId('g-completed')).toBe(jobOf('completed').id);
  expect(await jobs.findByProviderRequestId('r-refused')).toBe(jobOf('refused').id);
  expect(await jobs.findByProviderRequestId('r-first'), 'of an earlier attempt').toBe(jobOf('queued again').id);
});

test('jobs that an earlier version left waiting get their turns', async () => {
  const { jobs, turns } = await openWritten();
  const waiting = Object.values(written.jobs).filter(({ lifecycle }) => lifecycle.state === 'queued');
  const rules = { heldModels: [], ownerRunningMax: null };
  // One is changed by the new version before it was placed.
  await jobs.apply(jobOf('queued').id, cancel, Date.now());
  expect(await turns.adopt()).toBe(waiting.length);
  expect(await turns.adopt()).toBe(0);
  const served: string[] = [];
  for (let turn = await turns.next(rules, 1); turn.kind === 'turn'; turn = await turns.next(rules, 1)) {
    served.push(turn.job.id);
  }
  const expected = waiting.map(({ id }) => id).filter((id) => id !== jobOf('queued').id);
  expect(served.toSorted()).toEqual(expected.toSorted());
});

test('a create that was sent before a deploy and is repeated after it finds its job', async () => {
  const { jobs } = await openWritten();
  const job = jobOf('created with an idempotency key');
  const repeated = { ...job, id: jobOf('queued').id.replace(/.{4}$/, 'zzzz') };
  const same = await jobs.create(repeated, { key: 'message-1', fingerprint: 'fingerprint-1' });
  expect(same).toMatchObject({ kind: 'replayed', job: { id: job.id } });
  const other = await jobs.create(repeated, { key: 'message-1', fingerprint: 'another' });
  expect(other).toEqual({ kind: 'conflict', jobId: job.id });
});

test('ended jobs that an earlier version left are deleted without a trace', async () => {
  const { jobs } = await openWritten();
  const ended = Object.values(written.jobs).filter(({ lifecycle }) =>
    terminalStates.some((state) => state === lifecycle.state),
  );
  for (const { id } of ended) expect(await jobs.delete(id), id).not.toBeNull();
  expect((await jobs.endedBefore(Date.now(), { limit: 100 })).jobs).toEqual([]);
  expect((await jobs.list({ limit: 100 })).jobs).toHaveLength(jobNames.length - ended.length);
  expect(await jobs.findByGenerationId('g-completed')).toBeNull();
});

test('what an earlier version knew about the account and its workers is read, and replaced by news', async () => {
  const { credential, workers, leases } = await openWritten();
  const known = await credential.read();
  expect(known).toMatchObject({ state: 'rejected', fingerprint: '1f3a9c2e', evidence: { statusCode: 401 } });
  expect((await credential.history()).map(({ state }) => state)).toEqual(['rejected', 'ok']);
  if (known === null) throw new Error('no record');
  expect(await credential.write({ ...known, state: 'ok', checkedAtMs: (known.checkedAtMs ?? 0) + 1 })).toBe(true);
  const [worker] = await workers.list(1_793_600_000_000);
  expect(worker).toMatchObject({ id: 'host.1', version: '0.1.0', provider: 'aimlapi' });
  expect(await leases.acquire('upkeep', 'host.1', 1_000)).toBe(true);
});

async function idsIn(jobs: Awaited<ReturnType<typeof openWritten>>['jobs'], state: VideoJobState): Promise<string[]> {
  return (await jobs.inState(state, { limit: 100 })).jobs.map(({ id }) => id);
}
