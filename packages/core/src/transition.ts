import type { ProviderEvidence } from './evidence.ts';
import { type Billed, type Failure, failure } from './failures.ts';
import type {
  Cancelled,
  Cancelling,
  Failed,
  Hold,
  Lifecycle,
  Queued,
  StoredVideo,
  Underway,
  Usage,
  VideoJob,
} from './video-job.ts';

/** Everything that can happen to a video job. Each accepted one is a line in its history. */
export type VideoJobEvent =
  | { readonly type: 'submit_started' }
  | { readonly type: 'submit_accepted'; readonly generationId: string; readonly usage: Usage | null }
  | { readonly type: 'submit_refused'; readonly failure: Failure }
  /** The provider certainly did not take it (not reached, rate limited, or never sent): the same attempt may be sent later. */
  | { readonly type: 'submit_deferred'; readonly hold: Hold }
  | { readonly type: 'submit_lost'; readonly evidence: ProviderEvidence | null }
  | { readonly type: 'submission_not_found' }
  | { readonly type: 'generation_succeeded'; readonly sourceUrl: string }
  | { readonly type: 'generation_failed'; readonly failure: Failure }
  | { readonly type: 'deadline_passed' }
  | { readonly type: 'artifact_stored'; readonly video: StoredVideo }
  | { readonly type: 'artifact_failed'; readonly failure: Failure }
  | { readonly type: 'hold_expired'; readonly hold: Hold }
  | { readonly type: 'cancel_requested' }
  | { readonly type: 'retry_requested' };

export type VideoJobEventType = VideoJobEvent['type'];

/**
 * The only place where a video job changes. Returns the same object when the event means nothing in this state (a late
 * or repeated message), so that the ledger can skip the write.
 *
 * Once a request has left (`submitting`), only `submit_deferred` leads back to `queued`, and it is raised only when the
 * provider certainly did not take the request; every doubt goes to `submission_unknown`. Otherwise a video would be bought twice.
 */
export function transition(job: VideoJob, event: VideoJobEvent, nowMs: number): VideoJob {
  if (event.type === 'retry_requested') return retried(job, nowMs);
  const lifecycle = nextLifecycle(job.lifecycle, event, nowMs);
  return lifecycle === job.lifecycle ? job : { ...job, lifecycle };
}

type LifecycleEvent = Exclude<VideoJobEvent, { type: 'retry_requested' }>;

function nextLifecycle(now: Lifecycle, event: LifecycleEvent, nowMs: number): Lifecycle {
  switch (now.state) {
    case 'queued':
      return whileQueued(now, event, nowMs);
    case 'submitting':
    case 'submission_unknown':
    case 'generating':
    case 'storing':
      return event.type === 'cancel_requested'
        ? { state: 'cancelling', cancelRequestedAtMs: nowMs, following: now }
        : whileUnderway(now, event, nowMs);
    case 'cancelling':
      return whileCancelling(now, event, nowMs);
    case 'completed':
    case 'failed':
    case 'cancelled':
      return now;
  }
}

function whileQueued(now: Queued, event: LifecycleEvent, nowMs: number): Lifecycle {
  switch (event.type) {
    case 'submit_started':
      return { state: 'submitting', submittedAtMs: nowMs };
    case 'hold_expired':
      return failed(now, failure('hold_expired', { evidence: event.hold.evidence }), nowMs);
    case 'cancel_requested':
      return cancelled(now, 'no', null, nowMs);
    // An answer to a request that this record does not know: a Redis that failed over or lost its power forgot the last
    // second. What the provider said still counts, or the same attempt would be sent again.
    case 'submit_accepted':
      return { state: 'generating', submittedAtMs: nowMs, generationId: event.generationId, usage: event.usage };
    case 'submit_refused':
      return failed(now, event.failure, nowMs);
    case 'submit_lost':
      return { state: 'submission_unknown', submittedAtMs: nowMs, evidence: event.evidence };
    case 'submit_deferred':
    case 'submission_not_found':
    case 'generation_succeeded':
    case 'generation_failed':
    case 'deadline_passed':
    case 'artifact_stored':
    case 'artifact_failed':
      return now;
  }
}

type UnderwayEvent = Exclude<LifecycleEvent, { type: 'cancel_requested' }>;

function whileUnderway(now: Underway, event: UnderwayEvent, nowMs: number): Lifecycle {
  switch (event.type) {
    case 'submit_started':
    case 'hold_expired':
      return now;
    case 'submit_accepted':
      return now.state === 'submitting' || now.state === 'submission_unknown'
        ? {
            state: 'generating',
            submittedAtMs: now.submittedAtMs,
            generationId: event.generationId,
            usage: event.usage,
          }
        : now;
    case 'submit_refused':
      return now.state === 'submitting' || now.state === 'submission_unknown' ? failed(now, event.failure, nowMs) : now;
    case 'submit_deferred':
      return now.state === 'submitting'
        ? { state: 'queued', queuedAtMs: event.hold.sinceMs, deferral: event.hold }
        : now;
    case 'submit_lost':
      return now.state === 'submitting'
        ? { state: 'submission_unknown', submittedAtMs: now.submittedAtMs, evidence: event.evidence }
        : now;
    case 'submission_not_found':
      return now.state === 'submission_unknown'
        ? failed(now, failure('submission_unknown', { evidence: now.evidence }), nowMs)
        : now;
    case 'generation_succeeded':
      return now.state === 'generating'
        ? { ...now, state: 'storing', sourceUrl: event.sourceUrl, generatedAtMs: nowMs }
        : now;
    case 'generation_failed':
      return now.state === 'generating' ? failed(now, event.failure, nowMs) : now;
    case 'deadline_passed':
      return now.state === 'generating' ? failed(now, failure('generation_timeout'), nowMs) : now;
    case 'artifact_stored':
      return now.state === 'storing'
        ? {
            state: 'completed',
            submittedAtMs: now.submittedAtMs,
            generationId: now.generationId,
            usage: now.usage,
            video: event.video,
            endedAtMs: nowMs,
          }
        : now;
    case 'artifact_failed':
      return now.state === 'storing' ? failed(now, event.failure, nowMs) : now;
  }
}

/** A cancelled job is followed by the same rules as any other, then ends as `cancelled` with the truth about money. */
function whileCancelling(now: Cancelling, event: LifecycleEvent, nowMs: number): Lifecycle {
  if (event.type === 'cancel_requested') return now;
  const following = whileUnderway(now.following, event, nowMs);
  if (following === now.following) return now;
  switch (following.state) {
    case 'submitting':
    case 'submission_unknown':
    case 'generating':
    case 'storing':
      return { ...now, following };
    case 'queued':
      return cancelled(now.following, 'no', null, nowMs);
    case 'completed':
      return cancelled(following, 'yes', following.video, nowMs);
    case 'failed':
      return cancelled(following, following.failure.billed, null, nowMs);
    case 'cancelling':
    case 'cancelled':
      throw new Error(`a followed generation cannot become ${following.state}`);
  }
}

type Started = Queued | Underway | Exclude<Lifecycle, Queued | Underway | Cancelling>;

function whatIsKnown(now: Started): Pick<Failed, 'submittedAtMs' | 'generationId' | 'usage'> {
  return {
    submittedAtMs: 'submittedAtMs' in now ? now.submittedAtMs : null,
    generationId: 'generationId' in now ? now.generationId : null,
    usage: 'usage' in now ? now.usage : null,
  };
}

function failed(now: Queued | Underway, why: Failure, nowMs: number): Failed {
  return { state: 'failed', ...whatIsKnown(now), failure: why, endedAtMs: nowMs };
}

function cancelled(now: Started, billed: Billed, video: StoredVideo | null, nowMs: number): Cancelled {
  return { state: 'cancelled', ...whatIsKnown(now), video, billed, endedAtMs: nowMs };
}

function retried(job: VideoJob, nowMs: number): VideoJob {
  const { state } = job.lifecycle;
  if (state !== 'failed' && state !== 'cancelled') return job;
  return {
    ...job,
    attempt: job.attempt + 1,
    lifecycle: { state: 'queued', queuedAtMs: nowMs, deferral: null },
  };
}
