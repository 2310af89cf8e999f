import { readFileSync } from 'node:fs';
import {
  type Cancelling,
  failure,
  isTerminal,
  transition,
  type Underway,
  type VideoJob,
  type VideoJobEvent,
  videoJobStates,
} from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { events, jobWith, lifecycles, rechecked, storedVideo, watchedCancellation, watchedFailure } from './jobs.ts';

const nowMs = 5_000;

/** All states in which a job can be, with every state a cancelling job can be following. */
const situations = [
  ...Object.values(lifecycles),
  ...(['submitting', 'submission_unknown', 'storing'] as const).map(
    (state): Cancelling => ({ state: 'cancelling', cancelRequestedAtMs: 3_000, following: lifecycles[state] }),
  ),
  watchedFailure,
  watchedCancellation,
  rechecked(lifecycles.failed),
  { state: 'cancelling', cancelRequestedAtMs: 3_000, following: rechecked(lifecycles.cancelled) } satisfies Cancelling,
].map(jobWith);

function eventOf<Type extends VideoJobEvent['type']>(type: Type): VideoJobEvent {
  const found = events.find((event) => event.type === type);
  if (found === undefined) throw new Error(`no example of ${type}`);
  return found;
}

function cancelling(following: Underway): VideoJob {
  return jobWith({ state: 'cancelling', cancelRequestedAtMs: 3_000, following });
}

describe('docs/state-machine.md', () => {
  const diagram = readFileSync(new URL('../../../docs/state-machine.md', import.meta.url), 'utf8');
  const drawn = [...diagram.matchAll(/^ +(\w+) --> (\w+): (\w+)$/gm)].map(
    ([, from, to, type]) => `${from} --${type}--> ${to}`,
  );

  test('draws exactly the arrows that the code has', () => {
    const coded = situations.flatMap((job) =>
      events.flatMap((event) => {
        const next = transition(job, event, nowMs);
        return next === job ? [] : [`${job.lifecycle.state} --${event.type}--> ${next.lifecycle.state}`];
      }),
    );
    expect(drawn.toSorted()).toEqual([...new Set(coded)].toSorted());
  });

  test('explains every state', () => {
    for (const state of videoJobStates) expect(diagram).toContain(`| \`${state}\` |`);
  });
});

describe('money', () => {
  test('a request that may have left never leads back to queued, unless the provider certainly did not take it', () => {
    for (const job of situations.filter(
      ({ lifecycle }) => lifecycle.state !== 'queued' && !isTerminal(lifecycle.state),
    )) {
      for (const event of events.filter(({ type }) => type !== 'submit_deferred')) {
        expect(transition(job, event, nowMs).lifecycle.state).not.toBe('queued');
      }
    }
  });

  test('a lost answer that is found later goes on as accepted, with its generation id', () => {
    const job = transition(jobWith(lifecycles.submission_unknown), eventOf('submit_accepted'), nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'generating', generationId: 'g-1', submittedAtMs: 2_000 });
  });

  test('a lost answer that comes after all, and says that nothing was taken, lets the job wait again', () => {
    const job = transition(jobWith(lifecycles.submission_unknown), eventOf('submit_deferred'), nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'queued', deferral: { sinceMs: expect.any(Number) } });
  });

  test('a lost answer that is never found ends as unknown, not as free', () => {
    const job = transition(jobWith(lifecycles.submission_unknown), { type: 'submission_not_found' }, nowMs);
    expect(job.lifecycle).toMatchObject({
      state: 'failed',
      failure: { code: 'submission_unknown', billed: 'unknown' },
    });
  });

  test('a generation past its deadline keeps its generation id and does not claim to be free', () => {
    const job = transition(jobWith(lifecycles.generating), { type: 'deadline_passed' }, nowMs);
    expect(job.lifecycle).toMatchObject({
      state: 'failed',
      generationId: 'g-1',
      failure: { code: 'generation_timeout', billed: 'unknown' },
    });
  });

  test('cancelling before anything was sent is free and immediate', () => {
    const job = transition(jobWith(lifecycles.queued), { type: 'cancel_requested' }, nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'cancelled', billed: 'no', generationId: null, submittedAtMs: null });
  });

  test('a cancelled generation that finished all the same was billed, and its file is kept', () => {
    const job = transition(cancelling(lifecycles.storing), { type: 'artifact_stored', video: storedVideo }, nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'cancelled', billed: 'yes', video: storedVideo });
  });

  test('a cancelled generation that the provider failed cost nothing', () => {
    const job = transition(cancelling(lifecycles.generating), eventOf('generation_failed'), nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'cancelled', billed: 'no', video: null });
  });

  test('a cancelled job whose submission is still unknown stays unknown about money', () => {
    const job = transition(cancelling(lifecycles.submission_unknown), { type: 'submission_not_found' }, nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'cancelled', billed: 'unknown' });
  });

  test('a cancelled job that the provider certainly did not take is not sent again', () => {
    const job = transition(cancelling(lifecycles.submitting), eventOf('submit_deferred'), nowMs);
    expect(job.lifecycle).toMatchObject({ state: 'cancelled', billed: 'no' });
  });
});

test('a job that cannot be sent now keeps its place and says why it waits; the same said again changes nothing', () => {
  const putOff = transition(jobWith(lifecycles.queued), eventOf('submit_deferred'), nowMs);
  expect(putOff.lifecycle).toMatchObject({ ...lifecycles.queued, deferral: { code: 'provider_unavailable' } });
  expect(transition(putOff, eventOf('submit_deferred'), nowMs)).toBe(putOff);
});

test('a failure keeps what was known before it: submission time, generation id and price', () => {
  const job = transition(
    jobWith(lifecycles.storing),
    { type: 'artifact_failed', failure: failure('artifact_invalid') },
    nowMs,
  );
  expect(job.lifecycle).toMatchObject({
    submittedAtMs: 2_000,
    generationId: 'g-1',
    usage: { heldUsd: 1.95 },
    endedAtMs: nowMs,
  });
});
