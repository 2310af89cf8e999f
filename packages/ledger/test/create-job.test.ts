import { describe, expect, test } from 'vitest';
import { queuedJob, refusal } from './jobs.ts';
import { keysOf, openTestLedger } from './open-ledger.ts';

test('a job is read back as it was written', async () => {
  const { ledger } = await openTestLedger();
  const job = queuedJob({
    prompt: 'Ein Fuchs 🦊 "im" Schnee\n',
    parameters: { state: 'x', nested: { prompt: [1, null] } },
  });
  expect(await ledger.jobs.create(job, null)).toEqual({ kind: 'created', job });
  expect(await ledger.jobs.get(job.id)).toEqual(job);
});

test.each(['video_unknown', 'nonsense', '', `video_${'0'.repeat(26)}`])('no job is found under %j', async (id) => {
  const { ledger } = await openTestLedger();
  expect(await ledger.jobs.get(id)).toBeNull();
  expect(await ledger.jobs.apply(id, { type: 'cancel_requested' }, 1)).toEqual({ kind: 'missing' });
  expect(await ledger.jobs.delete(id)).toBeNull();
  expect(await ledger.jobs.events(id, { limit: 10 })).toEqual([]);
  expect(await ledger.jobs.note(id, { type: 'poll_recovered', atMs: 1 })).toBe(false);
});

test('a create that is repeated because its answer got lost makes one job', async () => {
  const { ledger } = await openTestLedger();
  const job = queuedJob();
  const same = { key: 'k', fingerprint: 'f' };
  expect((await ledger.jobs.create(job, same)).kind).toBe('created');
  expect((await ledger.jobs.create(job, same)).kind).toBe('created');
  expect(await ledger.jobs.events(job.id, { limit: 10 })).toHaveLength(1);
});

describe('an idempotency key', () => {
  test('leads every later request with the same body to the first job, as it is by then', async () => {
    const { ledger } = await openTestLedger();
    const first = queuedJob();
    const same = { key: 'k', fingerprint: 'body' };
    await ledger.jobs.create(first, same);
    await ledger.jobs.apply(first.id, { type: 'submit_started' }, first.createdAtMs + 5);
    await ledger.jobs.apply(first.id, refusal(), first.createdAtMs + 6);
    const replayed = await ledger.jobs.create(queuedJob(), same);
    expect(replayed).toEqual({ kind: 'replayed', job: await ledger.jobs.get(first.id) });
  });

  test('refuses another body and names the job that has the key', async () => {
    const { ledger } = await openTestLedger();
    const first = queuedJob();
    await ledger.jobs.create(first, { key: 'k', fingerprint: 'one body' });
    const second = await ledger.jobs.create(queuedJob(), { key: 'k', fingerprint: 'another body' });
    expect(second).toEqual({ kind: 'conflict', jobId: first.id });
  });

  test('makes one job out of 20 simultaneous requests from two processes', async () => {
    const one = await openTestLedger();
    const other = await openTestLedger({ namespace: one.namespace });
    const same = { key: 'k', fingerprint: 'body' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).ledger.jobs.create(queuedJob(), same)),
    );
    expect(answers.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'replayed')).toHaveLength(19);
    const ids = new Set(answers.flatMap((answer) => ('job' in answer ? [answer.job.id] : [])));
    expect(ids.size).toBe(1);
    expect((await one.ledger.jobs.list({ limit: 100 })).jobs).toHaveLength(1);
  });

  test('belongs to its owner: the same key of somebody else is another key', async () => {
    const { ledger } = await openTestLedger();
    const same = { key: 'k', fingerprint: 'body' };
    const kinds = ['acme/ann', 'acme/bob', 'other'].map(async (owner) => {
      const { kind } = await ledger.jobs.create(queuedJob({ owner }), same);
      return kind;
    });
    expect(await Promise.all(kinds)).toEqual(['created', 'created', 'created']);
  });

  test('is free again when its job is deleted', async () => {
    const { ledger } = await openTestLedger();
    const first = queuedJob();
    const same = { key: 'k', fingerprint: 'body' };
    await ledger.jobs.create(first, same);
    await ledger.jobs.apply(first.id, { type: 'cancel_requested' }, 1);
    await ledger.jobs.delete(first.id);
    expect((await ledger.jobs.create(queuedJob(), same)).kind).toBe('created');
  });

  test('is remembered for 24 hours and stands nowhere in clear', async () => {
    const opened = await openTestLedger();
    await opened.ledger.jobs.create(queuedJob(), { key: 'secret-key', fingerprint: 'secret-body' });
    const keys = await keysOf(opened);
    const [record = ''] = keys.filter((key) => key.includes(':once:'));
    const lifetimeSeconds = await opened.redis.ttl(record);
    expect(lifetimeSeconds).toBeGreaterThan(23 * 3_600);
    expect(lifetimeSeconds).toBeLessThanOrEqual(24 * 3_600);
    expect([...keys, await opened.redis.get(record)].join()).not.toMatch(/secret/);
  });
});
