import { failure, heldUsdOf, transition, type VideoJob, type VideoJobEvent, watchPauseMs } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { jobWith, lifecycles, rechecked, storedVideo, watchedCancellation, watchedFailure } from './jobs.ts';

const nowMs = 5_000;
const dayMs = 24 * 3_600_000;
const succeeded: VideoJobEvent = { type: 'generation_succeeded', sourceUrl: 'https://files.example/1.mp4' };
const providerFailed: VideoJobEvent = { type: 'generation_failed', failure: failure('provider_error') };

function after(job: VideoJob, ...sequence: VideoJobEvent[]) {
  return sequence.reduce((current, event) => transition(current, event, nowMs), job).lifecycle;
}

describe('a job that ended without the verdict of the provider', () => {
  test.each<[string, VideoJobEvent]>([
    ['past its deadline', { type: 'deadline_passed' }],
    ['forgotten by the provider', { type: 'generation_not_found', evidence: null }],
  ])('%s is watched until 24 hours after its submission, and does not claim to be free', (_, event) => {
    expect(after(jobWith(lifecycles.generating), event)).toMatchObject({
      state: 'failed',
      generationId: 'g-1',
      failure: { billed: 'unknown' },
      watchedUntilMs: 2_000 + dayMs,
    });
  });

  test('that took longer than a day to end is not watched', () => {
    const ended = transition(jobWith(lifecycles.generating), { type: 'deadline_passed' }, 2_000 + dayMs).lifecycle;
    expect(ended).not.toHaveProperty('watchedUntilMs');
  });

  test('is completed by a late video, and says that it was late', () => {
    const stored: VideoJobEvent = { type: 'artifact_stored', video: storedVideo };
    expect(after(jobWith(watchedFailure), succeeded, stored)).toMatchObject({
      state: 'completed',
      late: true,
      video: storedVideo,
    });
  });

  test('takes the late verdict of the provider, so that its price is known, and is not watched any more', () => {
    const ended = after(jobWith(watchedFailure), providerFailed);
    expect(ended).toMatchObject({ state: 'failed', failure: { code: 'provider_error', billed: 'no' } });
    expect(ended).not.toHaveProperty('watchedUntilMs');
    expect(heldUsdOf(ended)).toBeNull();
  });

  test('fails like any other when its late file cannot be stored', () => {
    const lost: VideoJobEvent = { type: 'artifact_failed', failure: failure('artifact_unavailable') };
    const ended = after(jobWith(watchedFailure), succeeded, lost);
    expect(ended).toMatchObject({ state: 'failed', failure: { code: 'artifact_unavailable', billed: 'yes' } });
    expect(ended).not.toHaveProperty('watchedUntilMs');
  });

  test('keeps its failure when its watch ends', () => {
    const { watchedUntilMs: _over, ...kept } = watchedFailure;
    expect(after(jobWith(watchedFailure), { type: 'watch_ended' })).toEqual(kept);
  });

  test('begins anew when it is retried, and is not watched any more', () => {
    const job = transition(jobWith(watchedFailure), { type: 'retry_requested' }, nowMs);
    expect(job).toMatchObject({ attempt: 2, lifecycle: { state: 'queued' } });
    expect(transition(job, succeeded, nowMs)).toBe(job);
  });

  test('stays cancelled when it was cancelled, with the price and the file that come late', () => {
    const cancelling = jobWith({ state: 'cancelling', cancelRequestedAtMs: 3_000, following: lifecycles.generating });
    expect(after(cancelling, { type: 'deadline_passed' })).toMatchObject({
      state: 'cancelled',
      billed: 'unknown',
      watchedUntilMs: 2_000 + dayMs,
    });
    expect(after(jobWith(watchedCancellation), providerFailed)).toMatchObject({ state: 'cancelled', billed: 'no' });
    const stored: VideoJobEvent = { type: 'artifact_stored', video: storedVideo };
    expect(after(jobWith(watchedCancellation), succeeded, stored)).toMatchObject({ state: 'cancelled', billed: 'yes' });
  });
});

describe('an ended job with the verdict of the provider', () => {
  test('ignores a late or repeated word of the provider', () => {
    for (const lifecycle of [lifecycles.failed, lifecycles.cancelled, lifecycles.completed]) {
      for (const event of [succeeded, providerFailed]) expect(after(jobWith(lifecycle), event)).toBe(lifecycle);
    }
  });
});

describe('a recheck', () => {
  const requested: VideoJobEvent = { type: 'recheck_requested' };
  const ended: VideoJobEvent = { type: 'recheck_ended' };

  test('of a failed job follows the same generation in the same attempt', () => {
    const job = transition(jobWith(lifecycles.failed), requested, nowMs);
    expect(job).toMatchObject({ attempt: 1, lifecycle: { state: 'generating', generationId: 'g-1' } });
  });

  test('that finds the video completes the job, late', () => {
    expect(after(jobWith(rechecked(lifecycles.failed)), succeeded)).toMatchObject({ state: 'storing', late: true });
  });

  test('that hears of a failure takes it over', () => {
    const timedOut = { ...lifecycles.failed, failure: failure('generation_timeout') };
    expect(after(jobWith(timedOut), requested, providerFailed)).toMatchObject({ failure: { code: 'provider_error' } });
  });

  test.each<[string, VideoJobEvent]>([
    ['hears nothing', ended],
    ['hears that it is still not done', { type: 'deadline_passed' }],
    ['hears that it is not known', { type: 'generation_not_found', evidence: null }],
  ])('that %s leaves the job as it was', (_, event) => {
    for (const lifecycle of [lifecycles.failed, lifecycles.cancelled, watchedFailure, watchedCancellation]) {
      expect(after(jobWith(lifecycle), requested, event)).toEqual(lifecycle);
    }
  });

  test('of a cancelled job ends as cancelled, whatever comes', () => {
    expect(after(jobWith(lifecycles.cancelled), requested).state).toBe('cancelling');
    expect(after(jobWith(lifecycles.cancelled), requested, providerFailed).state).toBe('cancelled');
  });

  test('means nothing where there is nothing to ask about', () => {
    const unsent = { ...lifecycles.failed, submittedAtMs: null, generationId: null };
    const kept = { ...lifecycles.cancelled, video: storedVideo, billed: 'yes' } as const;
    for (const lifecycle of [unsent, kept, lifecycles.completed, lifecycles.generating, lifecycles.queued]) {
      expect(after(jobWith(lifecycle), requested)).toBe(lifecycle);
    }
  });
});

describe('the pause between two looks at an ended job', () => {
  const hourMs = 3_600_000;

  test('grows from five minutes to an hour', () => {
    expect(watchPauseMs(0, dayMs)).toBe(300_000);
    expect(watchPauseMs(hourMs, dayMs)).toBe(hourMs / 2);
    expect(watchPauseMs(10 * hourMs, dayMs)).toBe(hourMs);
  });

  test('ends with the time of the watch', () => {
    expect(watchPauseMs(10 * hourMs, 60_000)).toBe(60_000);
    expect(watchPauseMs(10 * hourMs, -5)).toBe(0);
  });
});
