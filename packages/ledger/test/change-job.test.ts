import { type VideoJob, type VideoJobEvent, videoJobStates } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import {
  acceptance,
  evidence,
  jobAfter,
  queuedJob,
  refusal,
  success,
  toCompleted,
  toGenerating,
  video,
} from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

test('an event moves a job by the rules of core, and says what it was before', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, []);
  const result = await ledger.jobs.apply(job.id, { type: 'submit_started' }, 42);
  expect(result).toEqual({
    kind: 'changed',
    job: { ...job, lifecycle: { state: 'submitting', submittedAtMs: 42, queuedAtMs: job.createdAtMs } },
    previous: job,
  });
  expect(await ledger.jobs.get(job.id)).toEqual(result.kind === 'changed' && result.job);
});

test('an event that means nothing in the state of a job writes nothing', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, toCompleted('g-1'));
  expect(await ledger.jobs.apply(job.id, { type: 'cancel_requested' }, 42)).toEqual({ kind: 'unchanged', job });
  expect(await ledger.jobs.events(job.id, { limit: 100 })).toHaveLength(5);
});

test('a job in any state is read back as it was written', async () => {
  const { ledger } = await openTestLedger();
  const hold = {
    code: 'provider_rate_limited',
    message: 'slow',
    sinceMs: 1,
    untilMs: 2,
    evidence: evidence(),
  } as const;
  const ways: VideoJobEvent[][] = [
    [],
    [{ type: 'submit_started' }],
    [{ type: 'submit_started' }, { type: 'submit_lost', evidence: evidence() }],
    [{ type: 'submit_started' }, { type: 'submit_deferred', hold }],
    toGenerating('g-1'),
    [...toGenerating('g-2'), success],
    [...toGenerating('g-3'), { type: 'cancel_requested' }],
    [...toGenerating('g-4'), success, { type: 'cancel_requested' }, { type: 'artifact_stored', video }],
    toCompleted('g-5'),
    [{ type: 'submit_started' }, refusal()],
    [{ type: 'submit_started' }, refusal(), { type: 'retry_requested' }],
  ];
  const written = await Promise.all(ways.map((events) => jobAfter(ledger.jobs, events)));
  expect(new Set(written.map((job) => job.lifecycle.state))).toEqual(new Set(videoJobStates));
  expect(await Promise.all(written.map((job) => ledger.jobs.get(job.id)))).toEqual(written);
});

describe('when many write at once', () => {
  test('of 50 workers that claim a job exactly one gets it', async () => {
    const one = await openTestLedger();
    const other = await openTestLedger({ namespace: one.namespace });
    const job = await jobAfter(one.ledger.jobs, []);
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? one : other).ledger.jobs.apply(job.id, { type: 'submit_started' }, index),
      ),
    );
    expect(claims.filter(({ kind }) => kind === 'changed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'unchanged')).toHaveLength(49);
    expect(await one.ledger.jobs.events(job.id, { limit: 100 })).toHaveLength(2);
  });

  test('nobody is lost: each change builds on the one before and leaves one line of history', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, [{ type: 'submit_started' }, refusal()]);
    // A cancelled retry can be retried again, so each of the pair can win many times over.
    const rivals = Array.from({ length: 50 }, (_, index) =>
      ledger.jobs.apply(job.id, { type: index % 2 === 0 ? 'retry_requested' : 'cancel_requested' }, index),
    );
    const results = await Promise.all(rivals);
    const changes = results.filter(({ kind }) => kind === 'changed');
    expect(changes.length).toBeGreaterThan(0);
    expect(await ledger.jobs.events(job.id, { limit: 100 })).toHaveLength(3 + changes.length);
    const retries = (await ledger.jobs.events(job.id, { limit: 100 })).filter(({ type }) => type === 'retry_requested');
    expect((await ledger.jobs.get(job.id))?.attempt).toBe(1 + retries.length);
  });

  test('the loser of a race decides again on what the winner left', async () => {
    const { ledger } = await openTestLedger();
    const job = await jobAfter(ledger.jobs, [{ type: 'submit_started' }]);
    const [accepted, cancelled] = await Promise.all([
      ledger.jobs.apply(job.id, acceptance('g-1'), 10),
      ledger.jobs.apply(job.id, { type: 'cancel_requested' }, 11),
    ]);
    expect([accepted.kind, cancelled.kind]).toEqual(['changed', 'changed']);
    const left = await ledger.jobs.get(job.id);
    expect(left?.lifecycle).toMatchObject({
      state: 'cancelling',
      following: { state: 'generating', generationId: 'g-1' },
    });
  });
});

test('a job of a newer version of the program is refused, not misread', async () => {
  const { ledger, redis, namespace } = await openTestLedger();
  const job = queuedJob();
  await ledger.jobs.create(job, null);
  const key = `{${namespace}}:job:${job.id.slice('video_'.length)}`;
  const text = (await redis.lindex(key, 0)) ?? '';
  await redis.lset(key, 0, text.replace('[1,', '[2,'));
  await expect(ledger.jobs.get(job.id)).rejects.toThrow(/newer version/);
});

test('fields that a newer version appended to a job are ignored', async () => {
  const { ledger, redis, namespace } = await openTestLedger();
  const job = queuedJob({ webhookUrl: 'https://hooks.example' });
  await ledger.jobs.create(job, null);
  const key = `{${namespace}}:job:${job.id.slice('video_'.length)}`;
  const text = (await redis.lindex(key, 0)) ?? '';
  await redis.lset(key, 0, text.replace(/]$/, ',"new"]'));
  expect(await ledger.jobs.get(job.id)).toEqual(job);
});

test('an event about an earlier attempt changes nothing', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, [
    { type: 'submit_started' },
    refusal(),
    { type: 'retry_requested' },
    { type: 'submit_started' },
  ]);
  expect(job.attempt).toBe(2);
  expect(await ledger.jobs.apply(job.id, acceptance('g-late'), 9, { attempt: 1 })).toEqual({ kind: 'unchanged', job });
  expect((await ledger.jobs.apply(job.id, acceptance('g-2'), 9, { attempt: 2 })).kind).toBe('changed');
});

test('a condition is asked about the job as it is when it is written, not as somebody saw it', async () => {
  const { ledger } = await openTestLedger();
  const job = await jobAfter(ledger.jobs, [{ type: 'submit_started' }, refusal()]);
  const retry = (when: (job: VideoJob) => boolean) =>
    ledger.jobs.apply(job.id, { type: 'retry_requested' }, 9, { when });
  expect(await retry(({ lifecycle }) => lifecycle.state === 'cancelled')).toEqual({ kind: 'unchanged', job });
  const seen: number[] = [];
  const isFirst = ({ attempt }: VideoJob) => {
    seen.push(attempt);
    return attempt === 1;
  };
  const results = await Promise.all(Array.from({ length: 20 }, () => retry(isFirst)));
  expect(results.filter(({ kind }) => kind === 'changed')).toHaveLength(1);
  expect(seen).toContain(2);
});

test('what a rechecked job was before is kept word for word, and comes back', async () => {
  const { ledger } = await openTestLedger();
  const ended = await jobAfter(ledger.jobs, [...toGenerating('g-1'), { type: 'deadline_passed' }]);
  await ledger.jobs.apply(ended.id, { type: 'recheck_requested' }, 10);
  const asked = await ledger.jobs.get(ended.id);
  expect(asked?.lifecycle).toMatchObject({ state: 'generating', endedBefore: ended.lifecycle });
  await ledger.jobs.apply(ended.id, { type: 'recheck_ended' }, 11);
  expect(await ledger.jobs.get(ended.id)).toEqual(ended);
});
