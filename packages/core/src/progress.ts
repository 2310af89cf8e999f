import type { Billed } from './failures.ts';
import type { LearntTimes } from './learnt-times.ts';
import type { Cancelled, Failed, Lifecycle } from './video-job.ts';

/** A generation that is finished and whose file is not ours yet. */
const generatedPercent = 97;

/**
 * Progress in percent. The provider reports none, so it is elapsed time against the usual time of such a generation:
 * it grows with time, and reaches 100 only when the file is ours. A job that ends without one stays where it was, because some
 * clients take a fall for an error.
 */
export function progressOf(lifecycle: Lifecycle, expectedMs: number, nowMs: number): number {
  switch (lifecycle.state) {
    case 'queued':
    case 'submitting':
    case 'submission_unknown':
      return 0;
    case 'generating':
      return generatingPercent(nowMs - lifecycle.submittedAtMs, expectedMs);
    case 'storing':
      return generatedPercent;
    case 'failed':
      return reachedPercent(lifecycle, lifecycle.failure.billed, expectedMs);
    case 'cancelled':
      return reachedPercent(lifecycle, lifecycle.billed, expectedMs);
    case 'cancelling':
      return progressOf(lifecycle.following, expectedMs, nowMs);
    case 'completed':
      return 100;
  }
}

/** 1 - e^(-x): about 63 at the expected end, close to 95 at three times that, never a lie of being done. */
function generatingPercent(elapsedMs: number, expectedMs: number): number {
  return Math.min(95, Math.floor(100 * (1 - Math.exp(-Math.max(0, elapsedMs) / expectedMs))));
}

function reachedPercent(ended: Failed | Cancelled, billed: Billed, expectedMs: number): number {
  if (ended.generationId === null || ended.submittedAtMs === null) return 0;
  return billed === 'yes' ? generatedPercent : generatingPercent(ended.endedAtMs - ended.submittedAtMs, expectedMs);
}

/**
 * How much longer the provider will work on a generation: until half of the others were finished, and once that is over, until
 * nine in ten were. Null when nothing was learnt, or when it takes longer than those: then nothing is known.
 */
export function remainingMsOf(lifecycle: Lifecycle, learnt: LearntTimes | null, nowMs: number): number | null {
  if (lifecycle.state !== 'generating' || learnt === null) return null;
  const elapsedMs = nowMs - lifecycle.submittedAtMs;
  if (elapsedMs < learnt.p50Ms) return learnt.p50Ms - elapsedMs;
  return elapsedMs < learnt.p90Ms ? learnt.p90Ms - elapsedMs : null;
}
