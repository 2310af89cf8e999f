import type { VideoJobEvent } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { jobAfter, queuedJob, refusal, toCompleted, toGenerating } from './jobs.ts';
import { keysOf, openTestLedger } from './open-ledger.ts';

describe('deleting a job leaves nothing behind', () => {
  test.each<[string, VideoJobEvent[]]>([
    ['cancelled', [{ type: 'cancel_requested' }]],
    ['completed', toCompleted('g-1')],
    ['failed', [{ type: 'submit_started' }, refusal()]],
    ['watched', [...toGenerating('g-1'), { type: 'deadline_passed' }]],
    [
      'rechecked',
      [...toGenerating('g-1'), { type: 'deadline_passed' }, { type: 'recheck_requested' }, { type: 'recheck_ended' }],
    ],
    ['retried', [{ type: 'submit_started' }, refusal(), { type: 'retry_requested' }, ...toCompleted('g-2')]],
  ])('that was %s', async (_state, events) => {
    const opened = await openTestLedger();
    const job = await jobAfter(opened.ledger.jobs, events);
    await opened.ledger.jobs.note(job.id, { type: 'poll_recovered', atMs: 1 });
    expect(await opened.ledger.jobs.delete(job.id)).toEqual(job);
    expect(await keysOf(opened)).toEqual([]);
    expect(await opened.ledger.jobs.delete(job.id)).toBeNull();
  });

  test('and takes its idempotency key along', async () => {
    const opened = await openTestLedger();
    const job = queuedJob();
    await opened.ledger.jobs.create(job, { key: 'k', fingerprint: 'f' });
    await opened.ledger.jobs.apply(job.id, { type: 'cancel_requested' }, 1);
    await opened.ledger.jobs.delete(job.id);
    expect(await keysOf(opened)).toEqual([]);
  });
});

test('a deleted job takes nothing from the others', async () => {
  const { ledger } = await openTestLedger();
  const kept = await jobAfter(ledger.jobs, toCompleted('g-shared'));
  const gone = await jobAfter(ledger.jobs, toCompleted('g-2'));
  await ledger.jobs.delete(gone.id);
  expect((await ledger.jobs.list({ limit: 10, owner: kept.owner, model: kept.model })).jobs).toEqual([kept]);
  expect(await ledger.jobs.findByGenerationId('g-shared')).toBe(kept.id);
});

test('a job that is retried while it is deleted is either gone or kept, never taken away from its new attempt', async () => {
  const opened = await openTestLedger();
  const { jobs } = opened.ledger;
  for (let round = 0; round < 10; round += 1) {
    const job = await jobAfter(jobs, [{ type: 'submit_started' }, refusal()]);
    const [deleted, retried] = await Promise.all([
      jobs.delete(job.id),
      jobs.apply(job.id, { type: 'retry_requested' }, 1),
    ]);
    const left = await jobs.get(job.id);
    expect(deleted === null).toBe(left !== null);
    expect(retried.kind).toBe(left === null ? 'missing' : 'changed');
  }
});

test.each<[string, VideoJobEvent[]]>([
  ['queued', []],
  ['generating', toGenerating('g-1')],
])('a job that is %s cannot be deleted', async (_state, events) => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, events);
  expect(await ledger.jobs.delete(job.id)).toBeNull();
  expect(await ledger.jobs.get(job.id)).toEqual(job);
});

test('an event for a job that was deleted meanwhile makes no ghost of it', async () => {
  const opened = await openTestLedger();
  const job = await jobAfter(opened.ledger.jobs, toCompleted('g-1'));
  await Promise.all([
    opened.ledger.jobs.apply(job.id, { type: 'cancel_requested' }, 1),
    opened.ledger.jobs.delete(job.id),
    opened.ledger.jobs.note(job.id, { type: 'poll_recovered', atMs: 1 }),
  ]);
  expect(await keysOf(opened)).toEqual([]);
});
