import { cancelled, completed, failed, forgotten, reopened, unwatched, withoutVerdict } from './endings.ts';
import type { VideoJobEvent } from './events.ts';
import { failure } from './failures.ts';
import type {
  Cancelled,
  Cancelling,
  Failed,
  Generating,
  Hold,
  Lifecycle,
  Queued,
  Storing,
  Underway,
  VideoJob,
} from './video-job.ts';

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
      return now;
    case 'failed':
    case 'cancelled':
      return whileEnded(now, event, nowMs);
  }
}

function whileQueued(now: Queued, event: LifecycleEvent, nowMs: number): Lifecycle {
  switch (event.type) {
    case 'submit_started':
      return {
        state: 'submitting',
        submittedAtMs: nowMs,
        queuedAtMs: now.queuedAtMs,
        ...(event.worker === undefined ? {} : { worker: event.worker }),
      };
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
    // What its request needs cannot be had now, so that it is not even tried; or such an answer again.
    case 'submit_deferred':
      return now.deferral?.untilMs === event.hold.untilMs ? now : { ...now, deferral: event.hold };
    case 'submission_not_found':
    case 'generation_succeeded':
    case 'generation_failed':
    case 'generation_not_found':
    case 'deadline_passed':
    case 'artifact_stored':
    case 'artifact_failed':
    case 'recheck_requested':
    case 'recheck_ended':
    case 'watch_ended':
      return now;
  }
}

type UnderwayEvent = Exclude<LifecycleEvent, { type: 'cancel_requested' }>;

function whileUnderway(now: Underway, event: UnderwayEvent, nowMs: number): Lifecycle {
  switch (event.type) {
    case 'submit_started':
    case 'hold_expired':
    case 'recheck_requested':
    case 'watch_ended':
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
      return deferred(now, event.hold);
    case 'submit_lost':
      return now.state === 'submitting'
        ? { state: 'submission_unknown', submittedAtMs: now.submittedAtMs, evidence: event.evidence }
        : now;
    case 'submission_not_found':
      return now.state === 'submission_unknown'
        ? failed(now, failure('submission_unknown', { evidence: now.evidence }), nowMs)
        : now;
    case 'generation_succeeded':
      return now.state === 'generating' ? storing(now, event, nowMs) : now;
    case 'generation_failed':
      return now.state === 'generating' ? failed(now, event.failure, nowMs) : now;
    case 'generation_not_found':
      return now.state === 'generating' ? withoutVerdict(now, forgotten(event.evidence), nowMs) : now;
    case 'deadline_passed':
      return now.state === 'generating' ? withoutVerdict(now, failure('generation_timeout'), nowMs) : now;
    case 'recheck_ended':
      return now.state === 'generating' ? (now.endedBefore ?? now) : now;
    case 'artifact_stored':
      return now.state === 'storing' ? completed(now, event.video, nowMs) : now;
    case 'artifact_failed':
      return now.state === 'storing' ? failed(now, event.failure, nowMs) : now;
  }
}

type Success = Extract<VideoJobEvent, { type: 'generation_succeeded' }>;

function storing(now: Generating, { sourceUrl, usage }: Success, nowMs: number): Storing {
  const { endedBefore, ...known } = now;
  const late = endedBefore === undefined ? {} : ({ late: true } as const);
  return { ...known, state: 'storing', usage: now.usage ?? usage ?? null, sourceUrl, generatedAtMs: nowMs, ...late };
}

/** Also when the answer was given up meanwhile (its worker looked dead): that nothing was taken ends every doubt. */
function deferred(now: Underway, hold: Hold): Queued | Underway {
  switch (now.state) {
    case 'submitting':
      return { state: 'queued', queuedAtMs: now.queuedAtMs ?? hold.sinceMs, deferral: hold };
    case 'submission_unknown':
      return { state: 'queued', queuedAtMs: hold.sinceMs, deferral: hold };
    case 'generating':
    case 'storing':
      return now;
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
    case 'cancelled':
      return following;
    case 'cancelling':
      throw new Error('a followed generation cannot become cancelling');
  }
}

/** Ended, but not beyond the provider's word: its late verdict counts while the job is watched, and a recheck asks for it. */
function whileEnded(now: Failed | Cancelled, event: LifecycleEvent, nowMs: number): Lifecycle {
  switch (event.type) {
    case 'generation_succeeded':
    case 'generation_failed': {
      const again = now.watchedUntilMs === undefined ? null : reopened(now);
      return again === null ? now : nextLifecycle(again, event, nowMs);
    }
    case 'recheck_requested':
      return reopened(now) ?? now;
    case 'watch_ended':
      return unwatched(now);
    case 'submit_started':
    case 'submit_accepted':
    case 'submit_refused':
    case 'submit_deferred':
    case 'submit_lost':
    case 'submission_not_found':
    case 'generation_not_found':
    case 'deadline_passed':
    case 'recheck_ended':
    case 'artifact_stored':
    case 'artifact_failed':
    case 'hold_expired':
    case 'cancel_requested':
      return now;
  }
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
