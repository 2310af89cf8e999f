import type { VideoJob } from '@video-proxy/core';
import type { VideoJobParts } from './parts.ts';

/**
 * Wakes a worker for the jobs that wait for their turn. Nobody waits for it and it never fails: the ledger has the job
 * already, and a step that cannot be added, or goes down with this process, is brought back by reconcile.
 */
export function callForTurn(
  { steps, log }: Pick<VideoJobParts, 'steps' | 'log'>,
  { id, attempt, requestId }: Pick<VideoJob, 'id' | 'attempt' | 'requestId'>,
): void {
  steps.wake('submit', { jobId: id, attempt }).catch((error: unknown) => {
    log.warn({ err: error, jobId: id, requestId }, 'step not added; reconcile will add it');
  });
}

/** Has a worker look at one job now, though its next look may be far away. */
export function hastenPoll(
  { steps, log }: Pick<VideoJobParts, 'steps' | 'log'>,
  { id, attempt, requestId }: Pick<VideoJob, 'id' | 'attempt' | 'requestId'>,
): void {
  steps.hasten('poll', { jobId: id, attempt }).catch((error: unknown) => {
    log.warn({ err: error, jobId: id, requestId }, 'poll not hastened; it comes at its time');
  });
}
