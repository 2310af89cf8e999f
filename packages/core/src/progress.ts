import type { LearntTimes } from './learnt-times.ts';
import type { Lifecycle } from './video-job.ts';

/**
 * Progress in percent. The provider reports none, so it is elapsed time against the usual time of such a generation:
 * it grows with time, and reaches 100 only when the file is ours.
 */
export function progressOf(lifecycle: Lifecycle, expectedMs: number, nowMs: number): number {
  switch (lifecycle.state) {
    case 'queued':
    case 'submitting':
    case 'submission_unknown':
    case 'failed':
    case 'cancelled':
      return 0;
    case 'generating': {
      const elapsedMs = Math.max(0, nowMs - lifecycle.submittedAtMs);
      // 1 - e^(-x): about 63 at the expected end, close to 95 at three times that, never a lie of being done.
      return Math.min(95, Math.floor(100 * (1 - Math.exp(-elapsedMs / expectedMs))));
    }
    case 'storing':
      return 97;
    case 'cancelling':
      return progressOf(lifecycle.following, expectedMs, nowMs);
    case 'completed':
      return 100;
  }
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
