import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  clientRequestIdOf,
  nextPollDelayMs,
  type SubmissionUnknown,
  type VideoJob,
} from '@video-proxy/core';
import type { StepOutcome } from '@video-proxy/queue';
import { saveAcceptance } from '../save-acceptance.ts';
import { countTrouble, type WorkerParts } from '../worker-parts.ts';

/**
 * Looks in the provider's log for a create request whose answer was lost. Found, it goes on as accepted; not found for
 * long enough, the job fails and says that its price is unknown. It is never sent again.
 */
export async function findSubmission(
  parts: WorkerParts,
  job: VideoJob,
  unknown: SubmissionUnknown,
  step: StepPayloads['poll'],
  signal: AbortSignal,
): Promise<StepOutcome> {
  const outcome = await parts.provider.findGeneration(clientRequestIdOf(job), signal);
  if (outcome.kind === 'found') {
    await saveAcceptance(parts, job, { generationId: outcome.generationId, usage: null });
    parts.log.info(
      { jobId: job.id, requestId: job.requestId, generationId: outcome.generationId },
      'a lost create request was found: its generation is followed',
    );
    return { kind: 'snooze', delayMs: nextPollDelayMs(0, parts.random()) };
  }
  if (parts.now() - unknown.submittedAtMs >= parts.limits.submissionLookupMs) {
    await parts.ledger.jobs.apply(job.id, { type: 'submission_not_found' }, parts.now());
    parts.log.error(
      { jobId: job.id, requestId: job.requestId, clientRequestId: clientRequestIdOf(job) },
      'a lost create request was not found: whether it was billed is unknown',
    );
    return { kind: 'done' };
  }
  const trouble = countTrouble(step, 'submission_lookup');
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count, null), trouble };
}
