import type {
  Cancelled,
  Failed,
  Generating,
  Lifecycle,
  StoredVideo,
  VideoJob,
  VideoJobEvent,
  VideoJobState,
} from '@video-proxy/core';
import { failure } from '@video-proxy/core';

export const storedVideo: StoredVideo = {
  storageKey: 'video.mp4',
  contentType: 'video/mp4',
  sizeBytes: 1_000,
  sha256: 'a'.repeat(64),
  durationSeconds: 8,
  width: 1280,
  height: 720,
};

export function jobWith(lifecycle: Lifecycle): VideoJob {
  return {
    id: 'video_01k00000000000000000000000',
    owner: 'client',
    provider: 'aimlapi',
    model: 'google/veo-3.1-t2v',
    prompt: 'a red balloon',
    parameters: { duration: 8 },
    metadata: {},
    watchSecret: 'secret',
    requestId: 'req_1',
    createdAtMs: 1_000,
    attempt: 1,
    lifecycle,
  };
}

const submitted = { submittedAtMs: 2_000 } as const;
const generation = { ...submitted, generationId: 'g-1', usage: { heldUsd: 1.95 } } as const;

/** One job in every state, to try every event on. */
export const lifecycles: { readonly [State in VideoJobState]: Lifecycle & { state: State } } = {
  queued: { state: 'queued', queuedAtMs: 1_000, deferral: null },
  submitting: { state: 'submitting', ...submitted, queuedAtMs: 1_000 },
  submission_unknown: { state: 'submission_unknown', ...submitted, evidence: null },
  generating: { state: 'generating', ...generation },
  storing: { state: 'storing', ...generation, sourceUrl: 'https://files.example/1.mp4', generatedAtMs: 3_000 },
  cancelling: {
    state: 'cancelling',
    cancelRequestedAtMs: 3_000,
    following: { state: 'generating', ...generation },
  },
  completed: { state: 'completed', ...generation, video: storedVideo, endedAtMs: 4_000 },
  failed: { state: 'failed', ...generation, failure: failure('provider_error'), endedAtMs: 4_000 },
  cancelled: { state: 'cancelled', ...generation, video: null, billed: 'no', endedAtMs: 4_000 },
};

export const watchedFailure: Failed = {
  ...lifecycles.failed,
  failure: failure('generation_timeout'),
  watchedUntilMs: 86_402_000,
};
export const watchedCancellation: Cancelled = {
  ...lifecycles.cancelled,
  billed: 'unknown',
  watchedUntilMs: 86_402_000,
};
export const rechecked = (endedBefore: Failed | Cancelled): Generating => ({ ...lifecycles.generating, endedBefore });

const hold = {
  code: 'provider_unavailable',
  message: 'refused',
  sinceMs: 2_500,
  untilMs: null,
  evidence: null,
} as const;

export const events: readonly VideoJobEvent[] = [
  { type: 'submit_started' },
  { type: 'submit_accepted', generationId: 'g-1', usage: { heldUsd: 1.95 } },
  { type: 'submit_refused', failure: failure('provider_auth_failed') },
  { type: 'submit_deferred', hold },
  { type: 'submit_lost', evidence: null },
  { type: 'submission_not_found' },
  { type: 'generation_succeeded', sourceUrl: 'https://files.example/1.mp4' },
  { type: 'generation_failed', failure: failure('provider_error') },
  { type: 'generation_not_found', evidence: null },
  { type: 'deadline_passed' },
  { type: 'artifact_stored', video: storedVideo },
  { type: 'artifact_failed', failure: failure('artifact_invalid') },
  { type: 'hold_expired', hold },
  { type: 'cancel_requested' },
  { type: 'retry_requested' },
  { type: 'recheck_requested' },
  { type: 'recheck_ended' },
  { type: 'watch_ended' },
];
