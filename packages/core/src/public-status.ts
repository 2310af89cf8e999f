import type { Billed } from './failures.ts';
import type { Lifecycle, VideoJobState } from './video-job.ts';

/** The only four statuses that appear on any wire; SDKs take every other word for the end (measured). */
export type PublicStatus = 'queued' | 'in_progress' | 'completed' | 'failed';

export const publicStatuses = [
  'queued',
  'in_progress',
  'completed',
  'failed',
] as const satisfies readonly PublicStatus[];

const publicStatusByState: Record<VideoJobState, PublicStatus> = {
  queued: 'queued',
  submitting: 'in_progress',
  submission_unknown: 'in_progress',
  generating: 'in_progress',
  storing: 'in_progress',
  cancelling: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'failed',
};

export function publicStatusOf(state: VideoJobState): PublicStatus {
  return publicStatusByState[state];
}

/** The internal states behind one public status, for lists. */
export function statesOf(status: PublicStatus): readonly VideoJobState[] {
  return (Object.keys(publicStatusByState) as VideoJobState[]).filter((state) => publicStatusByState[state] === status);
}

/** Whether the last attempt may have cost money, so that another one needs the asker's explicit consent. */
export function mayHaveBeenBilled(lifecycle: Lifecycle): boolean {
  const billed: Billed =
    lifecycle.state === 'failed'
      ? lifecycle.failure.billed
      : lifecycle.state === 'cancelled'
        ? lifecycle.billed
        : 'unknown';
  return billed !== 'no';
}
