import { failure, type Hold, type Lifecycle } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { waitForAnswer } from '../src/steps/wait-for-answer.ts';
import { newJob, openRecords } from './records.ts';

const now = Date.now;
const submitting = { state: 'submitting', submittedAtMs: now(), queuedAtMs: 1, worker: 'gone' } as const;
const { code, message } = failure('provider_unavailable');
const hold: Hold = { code, message, sinceMs: 1, untilMs: null, evidence: null };

async function openJob(lifecycle: Lifecycle) {
  const { ledger } = await openRecords();
  const job = newJob(lifecycle);
  await ledger.jobs.create(job, null);
  return { ledger, job };
}

test('an answer whose worker is gone is looked for', async () => {
  const { ledger, job } = await openJob(submitting);
  await waitForAnswer({ ledger, now }, job, submitting);
  expect((await ledger.jobs.get(job.id))?.lifecycle.state).toBe('submission_unknown');
});

test('a job that was put back while its worker was looked for waits for its turn, and is not taken to be lost', async () => {
  const { ledger, job } = await openJob(submitting);
  const workers = {
    ...ledger.workers,
    async list(nowMs: number) {
      await ledger.jobs.apply(job.id, { type: 'submit_deferred', hold }, nowMs);
      return ledger.workers.list(nowMs);
    },
  };
  await waitForAnswer({ ledger: { ...ledger, workers }, now }, job, submitting);
  expect((await ledger.jobs.get(job.id))?.lifecycle.state).toBe('queued');
});
