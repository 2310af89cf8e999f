import {
  followedOf,
  generationIdOf,
  type Lifecycle,
  transition,
  type VideoJob,
  type VideoJobEvent,
  videoJobStates,
  watchedUntilMsOf,
} from '@video-proxy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { events, jobWith, lifecycles } from './jobs.ts';

interface Happening {
  readonly event: VideoJobEvent;
  readonly atMs: number;
}

/** Events in any order, up to an hour apart: most of what happens to a job here could never happen in this order. */
const anyHappenings = fc
  .array(fc.tuple(fc.constantFrom(...events), fc.nat(3_600_000)), { maxLength: 60 })
  .map((pairs): Happening[] => {
    let atMs = 1_000;
    return pairs.map(([event, pauseMs]) => {
      atMs += pauseMs;
      return { event, atMs };
    });
  });

/** Checks every step of every sequence that begins with a new job. */
function always(holds: (before: VideoJob, event: VideoJobEvent, after: VideoJob) => void): void {
  fc.assert(
    fc.property(anyHappenings, (happenings) => {
      happenings.reduce((job, { event, atMs }) => {
        const next = transition(job, event, atMs);
        holds(job, event, next);
        return next;
      }, jobWith(lifecycles.queued));
    }),
    { numRuns: 1_000 },
  );
}

const isEnd = ({ state }: Lifecycle) => state === 'completed' || state === 'failed' || state === 'cancelled';
const isBeforeSending = ({ lifecycle }: VideoJob) => lifecycle.state === 'queued';
const lateVerdicts: readonly string[] = ['generation_succeeded', 'generation_failed', 'watch_ended'];
const orders: readonly string[] = ['retry_requested', 'recheck_requested'];

describe('after any sequence of events', () => {
  test('the state is one of the nine, and holds exactly what that state knows', () => {
    const keysOf = (lifecycle: Lifecycle) => Object.keys(lifecycle).filter((key) => !optional.has(key));
    const optional = new Set(['watchedUntilMs', 'endedBefore', 'late']);
    always((_before, _event, { lifecycle }) => {
      expect(videoJobStates).toContain(lifecycle.state);
      expect(keysOf(lifecycle).toSorted()).toEqual(keysOf(lifecycles[lifecycle.state]).toSorted());
      if (lifecycle.state === 'cancelling') {
        expect(['submitting', 'submission_unknown', 'generating', 'storing']).toContain(lifecycle.following.state);
      }
    });
  });

  test('a completed job stays as it is', () => {
    always((before, _event, after) => {
      if (before.lifecycle.state === 'completed') expect(after).toBe(before);
    });
  });

  test('an ended job changes by an order only, or by a late word of the provider while it is watched', () => {
    always((before, { type }, after) => {
      if (!isEnd(before.lifecycle) || after === before || orders.includes(type)) return;
      expect(watchedUntilMsOf(before.lifecycle)).not.toBeNull();
      expect(lateVerdicts).toContain(type);
    });
  });

  test('a request that left is sent again by a retry only, or after the provider certainly did not take it', () => {
    always((before, { type }, after) => {
      if (!isBeforeSending(before) && isBeforeSending(after))
        expect(['retry_requested', 'submit_deferred']).toContain(type);
    });
  });

  test('an attempt is sent once, unless the provider certainly did not take it', () => {
    fc.assert(
      fc.property(anyHappenings, (happenings) => {
        const sent = new Set<number>();
        happenings.reduce((job, { event, atMs }) => {
          const next = transition(job, event, atMs);
          if (event.type === 'submit_deferred' && next !== job) sent.delete(next.attempt);
          if (event.type === 'submit_started' && next !== job) {
            expect(sent.has(next.attempt)).toBe(false);
            sent.add(next.attempt);
          }
          return next;
        }, jobWith(lifecycles.queued));
      }),
    );
  });

  test('the attempt never goes back, and only a retry leads to the next', () => {
    always((before, { type }, after) => {
      expect(after.attempt - before.attempt).toBe(type === 'retry_requested' && after !== before ? 1 : 0);
    });
  });

  test('a generation id is never lost or replaced within an attempt', () => {
    always((before, _event, after) => {
      const known = generationIdOf(before.lifecycle);
      if (known !== null && after.attempt === before.attempt) expect(generationIdOf(after.lifecycle)).toBe(known);
    });
  });

  test('a recheck that brings nothing new leaves the job exactly as it was', () => {
    always((before, event, after) => {
      if (event.type !== 'recheck_requested' || after === before) return;
      for (const type of ['recheck_ended', 'deadline_passed'] as const) {
        expect(transition(after, { type }, 9_000_000)).toEqual(before);
      }
    });
  });

  test('a job is late only when it had ended before its video came', () => {
    fc.assert(
      fc.property(anyHappenings, (happenings) => {
        let endedInThisAttempt = false;
        happenings.reduce((job, { event, atMs }) => {
          const next = transition(job, event, atMs);
          if (next.attempt !== job.attempt) endedInThisAttempt = false;
          const now = followedOf(next.lifecycle);
          if (now.state === 'storing') expect(now.late === true).toBe(endedInThisAttempt);
          if (isEnd(next.lifecycle)) endedInThisAttempt = true;
          return next;
        }, jobWith(lifecycles.queued));
      }),
    );
  });

  test('nothing of what was asked for has changed', () => {
    always((before, _event, after) => {
      const { lifecycle: _before, attempt: _earlier, ...asked } = before;
      const { lifecycle: _after, attempt: _later, ...kept } = after;
      expect(kept).toEqual(asked);
    });
  });
});
