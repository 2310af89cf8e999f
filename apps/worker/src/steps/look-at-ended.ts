import type { Cancelled, Failed, VideoJob } from '@video-proxy/core';
import type { StepOutcome } from '@video-proxy/queue';
import { applyTo } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { conclude, nextLook, verdictOf } from './conclude.ts';
import { providerRequestIdIn } from './provider-request-id.ts';

/**
 * Asks what became of a generation whose job ended without the provider's verdict. Only a verdict changes anything; all
 * trouble is waited out until the watch is over.
 */
export async function lookAtEnded(
  parts: WorkerParts,
  job: VideoJob,
  ended: Failed | Cancelled,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const { watchedUntilMs, generationId } = ended;
  if (watchedUntilMs === undefined || generationId === null) return { kind: 'done' };
  const outcome = await parts.provider.poll(generationId, signal);
  switch (outcome.kind) {
    case 'succeeded':
    case 'failed':
      return conclude(parts, job, verdictOf(job, outcome));
    case 'refused':
      await parts.account.refused(outcome.failure);
      break;
    case 'pending':
    case 'succeeded_without_file':
    case 'not_found':
    case 'unavailable':
      break;
  }
  if (parts.now() >= watchedUntilMs) {
    await applyTo(parts, job, { type: 'watch_ended', ...providerRequestIdIn(outcome) });
  }
  const left = await parts.ledger.jobs.get(job.id);
  return left?.attempt === job.attempt ? nextLook(parts, left.lifecycle) : { kind: 'done' };
}
