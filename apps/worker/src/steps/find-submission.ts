import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  clientRequestIdOf,
  type FindOutcome,
  type SubmissionUnknown,
  type VideoJob,
} from '@video-proxy/core';
import type { StepOutcome } from '@video-proxy/queue';
import { applyTo, recordAcceptance } from '../record-answer.ts';
import { countTrouble, type WorkerParts } from '../worker-parts.ts';
import { providerRequestIdIn } from './provider-request-id.ts';

/** The provider's log is asked about one day back; a provider that cannot be asked for that long says nothing any more. */
const logReachMs = 24 * 3_600_000;

/** Absent from the log, or a provider that has no such log. One that is down or refuses the key may say more later. */
function saysThereIsNothing(outcome: Exclude<FindOutcome, { kind: 'found' }>): boolean {
  return outcome.kind === 'absent' || outcome.evidence.statusCode === 404;
}

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
  const outcome = await parts.provider.findGeneration(
    { clientRequestId: clientRequestIdOf(job), sentAtMs: unknown.submittedAtMs },
    signal,
  );
  if (outcome.kind === 'found') {
    await recordAcceptance(parts, job, { ...outcome, usage: null });
    return { kind: 'snooze', delayMs: await parts.pace.pauseMs(job) };
  }
  const elapsedMs = parts.now() - unknown.submittedAtMs;
  if (elapsedMs >= (saysThereIsNothing(outcome) ? parts.limits.submissionLookupMs : logReachMs)) {
    await applyTo(parts, job, { type: 'submission_not_found', ...providerRequestIdIn(outcome) });
    return { kind: 'done' };
  }
  const trouble = countTrouble(step, 'submission_lookup');
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count, null), trouble };
}
