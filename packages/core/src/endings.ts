import { type Billed, type Failure, failure } from './failures.ts';
import { remark } from './said.ts';
import type {
  Cancelled,
  Cancelling,
  Completed,
  Failed,
  Generating,
  Lifecycle,
  Queued,
  StoredVideo,
  Storing,
  Underway,
} from './video-job.ts';

/** How long after its submission a generation without a verdict is looked at: its link would not be signed again later. */
const watchMs = 24 * 3_600_000;

type Started = Exclude<Lifecycle, Cancelling>;

function whatIsKnown(now: Started): Pick<Failed, 'submittedAtMs' | 'generationId' | 'usage'> {
  return {
    submittedAtMs: 'submittedAtMs' in now ? now.submittedAtMs : null,
    generationId: 'generationId' in now ? now.generationId : null,
    usage: 'usage' in now ? now.usage : null,
  };
}

export function failed(now: Queued | Underway, why: Failure, nowMs: number): Failed {
  return { state: 'failed', ...whatIsKnown(now), failure: why, endedAtMs: nowMs };
}

export function cancelled(now: Started, billed: Billed, video: StoredVideo | null, nowMs: number): Cancelled {
  const watch =
    now.state === 'failed' && now.watchedUntilMs !== undefined ? { watchedUntilMs: now.watchedUntilMs } : {};
  return { state: 'cancelled', ...whatIsKnown(now), video, billed, endedAtMs: nowMs, ...watch };
}

export function completed(now: Storing, video: StoredVideo, nowMs: number): Completed {
  const { sourceUrl: _used, generatedAtMs: _over, ...known } = now;
  return { ...known, state: 'completed', video, endedAtMs: nowMs };
}

/** Failed without a verdict of the provider, which may still make and bill the video: it goes on being looked at. */
function failedWithoutVerdict(now: Generating, why: Failure, nowMs: number): Failed {
  const watchedUntilMs = now.submittedAtMs + watchMs;
  return { ...failed(now, why, nowMs), ...(watchedUntilMs > nowMs ? { watchedUntilMs } : {}) };
}

/** What a recheck does not settle stays as it was: an earlier failure is never lost for "still no answer". */
export function withoutVerdict(now: Generating, why: Failure, nowMs: number): Failed | Cancelled {
  return now.endedBefore ?? failedWithoutVerdict(now, why, nowMs);
}

const noLongerKnown = remark(
  'The video provider no longer knows this generation. It is not known whether it was billed. It is looked for until a day after it was sent, and this job completes if it comes; its generation id is in the job.',
  'failure_generation_forgotten',
);

export const forgotten = (evidence: Failure['evidence']): Failure =>
  failure('provider_error', { told: noLongerKnown, billed: 'unknown', evidence });

/** The same job as it was while the provider was at work, remembering how it ended; null when there is nothing to ask about. */
export function reopened(ended: Failed | Cancelled): Generating | Cancelling | null {
  const { submittedAtMs, generationId, usage } = ended;
  if (submittedAtMs === null || generationId === null) return null;
  if (ended.state === 'cancelled' && ended.video !== null) return null;
  const generating: Generating = { state: 'generating', submittedAtMs, generationId, usage, endedBefore: ended };
  return ended.state === 'failed'
    ? generating
    : { state: 'cancelling', cancelRequestedAtMs: ended.endedAtMs, following: generating };
}

export function unwatched<Ended extends Failed | Cancelled>(ended: Ended): Ended {
  if (ended.watchedUntilMs === undefined) return ended;
  const { watchedUntilMs: _over, ...rest } = ended;
  return rest as Ended;
}
