import { followedOf, type Lifecycle } from '@video-proxy/core';

export type Phase = 'queued' | 'submitting' | 'submission_unknown' | 'generating' | 'storing';

/** A part of the way of a job that is over. */
export interface EndedPhase {
  readonly phase: Phase;
  readonly sinceMs: number;
}

/**
 * The phase that a change has ended, or null when it goes on. When the provider answered is not in a job, so a generation
 * counts from the moment its request was sent, as its usual times do. A recheck is no phase: it may come days later.
 */
export function phaseEndedBy(before: Lifecycle, after: Lifecycle): EndedPhase | null {
  const was = followedOf(before);
  if (was.state === followedOf(after).state) return null;
  switch (was.state) {
    case 'queued':
      return { phase: 'queued', sinceMs: was.queuedAtMs };
    case 'submitting':
    case 'submission_unknown':
      return { phase: was.state, sinceMs: was.submittedAtMs };
    case 'generating':
      return was.endedBefore === undefined ? { phase: 'generating', sinceMs: was.submittedAtMs } : null;
    case 'storing':
      return { phase: 'storing', sinceMs: was.generatedAtMs };
    case 'completed':
    case 'failed':
    case 'cancelled':
      return null;
  }
}
