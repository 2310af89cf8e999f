import { videoJobWire } from '@video-proxy/contracts';
import {
  failure,
  type Lifecycle,
  noHolds,
  type StandingHolds,
  type VideoJob,
  type VideoJobState,
  videoJobStates,
} from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { presentVideoJob } from '../src/presentation/video-job.ts';
import type { View } from '../src/presentation/view.ts';
import { rejection, storedVideo } from './events.ts';

const submitted = { submittedAtMs: 20_000 } as const;
const generation = { ...submitted, generationId: 'gen-1', usage: { heldUsd: 1.95 } } as const;
const video = storedVideo('key');

const lifecycles: { readonly [State in VideoJobState]: Lifecycle } = {
  queued: { state: 'queued', queuedAtMs: 10_000, deferral: null },
  submitting: { state: 'submitting', ...submitted },
  submission_unknown: { state: 'submission_unknown', ...submitted, evidence: null },
  generating: { state: 'generating', ...generation },
  storing: { state: 'storing', ...generation, sourceUrl: 'https://cdn.example/x.mp4', generatedAtMs: 30_000 },
  cancelling: { state: 'cancelling', cancelRequestedAtMs: 30_000, following: { state: 'generating', ...generation } },
  completed: { state: 'completed', ...generation, video, endedAtMs: 40_000 },
  failed: { state: 'failed', ...generation, failure: failure('provider_error'), endedAtMs: 40_000 },
  cancelled: { state: 'cancelled', ...generation, video: null, billed: 'unknown', endedAtMs: 40_000 },
};

const view: View = {
  nowMs: 50_000,
  baseUrl: 'https://videos.example',
  credential: null,
  holds: noHolds,
  queuePosition: 3,
  learnt: null,
  expectedMs: 120_000,
  retentionMs: 86_400_000,
  holdMaxMs: 900_000,
};

function present(lifecycle: Lifecycle, changes: Partial<VideoJob> = {}, seen: Partial<View> = {}) {
  const job: VideoJob = {
    id: 'video_01k00000000000000000000000',
    owner: 'alice',
    provider: 'aimlapi',
    model: 'google/veo-3.1-t2v',
    prompt: 'a prompt',
    parameters: {},
    metadata: {},
    watchSecret: 'the-secret',
    requestId: 'req_1',
    createdAtMs: 10_999,
    attempt: 1,
    lifecycle,
    ...changes,
  };
  return presentVideoJob(job, { ...view, ...seen });
}

describe('a job on the wire', () => {
  test.each(videoJobStates)('that is %s has every key of the contract and one of the four statuses', (state) => {
    const wire = present(lifecycles[state]);
    expect(videoJobWire.parse(wire)).toEqual(wire);
    expect(Object.keys(wire).sort()).toEqual(Object.keys(videoJobWire.shape).sort());
    expect(wire.phase).toBe(state);
    expect(wire.created_at).toBe(10);
    expect(JSON.stringify(wire)).not.toMatch(/cdn\.example|alice/);
  });

  test('has a video only when it is completed, and an error only when it has failed', () => {
    for (const state of videoJobStates) {
      const { status, video: shown, error, completed_at, failed_at } = present(lifecycles[state]);
      expect(shown !== null).toBe(status === 'completed');
      expect(completed_at !== null).toBe(status === 'completed');
      expect(error !== null).toBe(status === 'failed');
      expect(failed_at !== null).toBe(status === 'failed');
    }
  });

  test('says how much longer it takes by learnt times only, and nothing when it takes longer than those', () => {
    const learnt = { p10Ms: 100_000, p50Ms: 120_000, p90Ms: 150_000 };
    expect(present(lifecycles.generating, {}, { learnt }).eta_seconds).toBe(90);
    expect(present(lifecycles.generating, {}, { learnt, nowMs: 145_000 }).eta_seconds).toBe(25);
    expect(present(lifecycles.generating, {}, { learnt, nowMs: 200_000 }).eta_seconds).toBeNull();
    expect(present(lifecycles.generating).eta_seconds).toBeNull();
    expect(present(lifecycles.queued, {}, { learnt }).eta_seconds).toBeNull();
  });

  test('shows its place only while it waits', () => {
    expect(present(lifecycles.queued).queue_position).toBe(3);
    expect(present(lifecycles.generating).queue_position).toBeNull();
  });

  test.each([
    ['no', 'Nothing was billed', true],
    ['yes', 'billed it', false],
    ['unknown', 'may be billed', false],
  ] as const)('that was cancelled and billed %s says so', (billed, words, retryable) => {
    const { error } = present({ state: 'cancelled', ...generation, video: null, billed, endedAtMs: 1 });
    expect(error).toMatchObject({ code: 'cancelled', billed, retryable, message: expect.stringContaining(words) });
  });

  test('that failed is not worth a retry when the provider may have billed it, whatever its code says', () => {
    const failed = (billed: 'no' | 'unknown') =>
      present({ state: 'failed', ...generation, failure: failure('provider_error', { billed }), endedAtMs: 1 });
    expect(failed('no').error?.retryable).toBe(true);
    expect(failed('unknown').error?.retryable).toBe(false);
  });

  test('is held from when it came, or from when the account was refused, whichever is later', () => {
    const credential = {
      state: 'missing',
      fingerprint: null,
      checkedAtMs: null,
      finding: 'x',
      evidence: null,
    } as const;
    const hold = (sinceMs: number) => present(lifecycles.queued, {}, { credential: { ...credential, sinceMs } }).hold;
    expect(hold(5_000)).toMatchObject({ code: 'provider_auth_failed', since: 10, until: 910, provider: null });
    expect(hold(30_000)).toMatchObject({ since: 30, until: 930 });
    expect(hold(5_000)?.message).toContain('no API key');
  });

  test('that waits shows a hold of its model, and of the provider before that', () => {
    const hold = { sinceMs: 20_000, untilMs: 90_000, tries: 1, refusedAtMs: 20_000, balanceUsd: 1, doubted: false };
    const evidence = { ...rejection, statusCode: 403, requestId: 'req-credits' };
    const credits = { ...hold, code: 'provider_out_of_credits', message: 'for operators', evidence } as const;
    const limit = { ...hold, code: 'provider_rate_limited', message: 'Too many', evidence: null } as const;
    const models = new Map([['google/veo-3.1-t2v', credits]]);
    const shown = (holds: Partial<StandingHolds>, changes: Partial<VideoJob> = {}) =>
      present(lifecycles.queued, changes, { holds: { ...noHolds, ...holds } }).hold;
    expect(shown({ models })).toEqual({
      code: 'provider_out_of_credits',
      message:
        "This service's account at the video provider has too few credits for this request. Operators have been told; the request waits and nothing was billed.",
      said: null,
      since: 20,
      until: 920,
      provider: expect.objectContaining({ status_code: 403, request_id: 'req-credits' }),
    });
    expect(shown({ models }, { model: 'a/cheaper-one' })).toBeNull();
    expect(shown({ models, provider: limit })).toMatchObject({
      code: 'provider_rate_limited',
      message: expect.stringContaining('goes on by itself'),
    });
  });

  test('names an embedded file by its size, however deep it stands', () => {
    const file = `data:image/png;base64,${'A'.repeat(5_000)}`;
    const { parameters } = present(lifecycles.queued, { parameters: { a: [{ b: file }], c: 'short', d: 5 } });
    expect(parameters).toEqual({
      a: [{ b: expect.stringMatching(/^data:image\/png.*… \(5022 characters\)$/) }],
      c: 'short',
      d: 5,
    });
  });
});
