import type { VideoJob } from '@video-proxy/core';
import type { VideoJobParts } from './parts.ts';

/** Far longer than Redis takes when it is there. A step that arrives later still counts. */
const patienceMs = 500;

/**
 * Makes a worker look at a job. The ledger has the job already, so a step that cannot be added is no reason to fail:
 * reconcile gives every unfinished job the step it needs.
 */
export async function addStep(
  { steps, log }: Pick<VideoJobParts, 'steps' | 'log'>,
  step: 'submit' | 'poll',
  { id, attempt }: Pick<VideoJob, 'id' | 'attempt'>,
): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not added within ${patienceMs} ms`)), patienceMs);
  try {
    await Promise.race([steps.add(step, { jobId: id, attempt }), tooLate]);
  } catch (error) {
    log.warn({ err: error, jobId: id, step }, 'step not added; reconcile will add it');
  } finally {
    clearTimeout(timer);
  }
}
