import { backoffDelayMs, type Hold, type Queued, type VideoJob } from '@video-proxy/core';
import type { StepOutcome } from '@video-proxy/queue';
import { recordAnswer } from '../record-answer.ts';
import { countTrouble, type WorkerParts } from '../worker-parts.ts';

/** The hold that a person sees: the request never left, so it costs nothing to wait. */
const message =
  'The job store could not confirm in time that a copy of its record exists. The request was not sent, nothing was billed; it is tried again by itself.';

/**
 * Puts a job back whose request has not left: its record is not safe yet, and a job store that forgot it would let the same
 * attempt be sent twice.
 */
export async function putBack(
  parts: WorkerParts,
  job: VideoJob,
  queued: Queued,
  step: Parameters<typeof countTrouble>[0],
): Promise<StepOutcome> {
  const nowMs = parts.now();
  const trouble = countTrouble(step, 'not_settled');
  const delayMs = backoffDelayMs(trouble.count - 1, null);
  const hold: Hold = {
    code: 'internal_error',
    message,
    sinceMs: queued.deferral?.sinceMs ?? nowMs,
    untilMs: nowMs + delayMs,
    evidence: null,
  };
  await recordAnswer(parts, job, { type: 'submit_deferred', hold });
  if (trouble.count === 1) {
    const told = { jobId: job.id, requestId: job.requestId };
    parts.log.error(
      told,
      'Redis did not confirm that a replica or its disk has a write: a video job waits and is not sent',
    );
  }
  return { kind: 'snooze', delayMs, trouble };
}
