import type { VideoJob } from '@video-proxy/core';
import type { VideoJobParts } from './parts.ts';

/**
 * Makes a worker look at a job, or at all that wait for their turn. Nobody waits for it and it never fails: the ledger has
 * the job already, and a step that cannot be added, or goes down with this process, is brought back by reconcile.
 */
export function addStep(
  { steps, log }: Pick<VideoJobParts, 'steps' | 'log'>,
  step: 'submit' | 'poll',
  { id, attempt }: Pick<VideoJob, 'id' | 'attempt'>,
): void {
  const payload = { jobId: id, attempt };
  const added = step === 'submit' ? steps.wake(step, payload) : steps.add(step, payload);
  added.catch((error: unknown) => {
    log.warn({ err: error, jobId: id, step }, 'step not added; reconcile will add it');
  });
}
