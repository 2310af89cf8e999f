import type { VideoJob } from '@video-proxy/core';
import type { VideoJobParts } from './parts.ts';

/**
 * Makes a worker look at a job, or at all that wait for their turn. Nobody waits for it and it never fails: the ledger has
 * the job already, and a step that cannot be added, or goes down with this process, is brought back by reconcile.
 */
export function addStep(
  { steps, log }: Pick<VideoJobParts, 'steps' | 'log'>,
  step: 'submit',
  { id, attempt }: Pick<VideoJob, 'id' | 'attempt'>,
): void {
  const payload = { jobId: id, attempt };
  const added = step === 'submit' ? steps.wake(step, payload) : steps.add(step, payload);
  added.catch((error: unknown) => {
    log.warn({ err: error, jobId: id, step }, 'step not added; reconcile will add it');
  });
}

/** The same for a job whose next look may be far away: it is looked at now. */
export function hastenPoll(
  { steps, log }: Pick<VideoJobParts, 'steps' | 'log'>,
  { id, attempt }: Pick<VideoJob, 'id' | 'attempt'>,
): void {
  steps.hasten('poll', { jobId: id, attempt }).catch((error: unknown) => {
    log.warn({ err: error, jobId: id }, 'poll not hastened; it comes at its time');
  });
}
