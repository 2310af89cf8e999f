import { isTerminal, type Lifecycle, mayHaveBeenBilled, publicStatusOf, type VideoJob } from '@video-proxy/core';
import { notAdmitted } from '../admission.ts';
import type { Asker } from '../asker.ts';
import { type Problem, type ProblemCode, problem } from '../problem.ts';
import { addStep } from './add-step.ts';
import type { ChangeOutcome, VideoJobParts } from './parts.ts';
import { readVideoJob } from './read.ts';

const missing = { kind: 'missing' } as const;

function refused(
  code: ProblemCode,
  message: string,
  param: string | null = null,
): { kind: 'refused'; problem: Problem } {
  return { kind: 'refused', problem: problem(code, message, param) };
}

/**
 * Stops a job that has not been sent; one that has been sent is followed to its end, because the provider cannot be told to
 * stop and the price has to be known. Cancelling twice is the same as once.
 */
export async function cancelVideoJob(parts: VideoJobParts, asker: Asker, id: string): Promise<ChangeOutcome> {
  if ((await readVideoJob(parts, asker, id)) === null) return missing;
  const applied = await parts.ledger.jobs.apply(id, { type: 'cancel_requested' }, parts.now());
  if (applied.kind === 'missing') return missing;
  const { lifecycle } = applied.job;
  if (lifecycle.state === 'completed' || lifecycle.state === 'failed') {
    return refused('already_ended', `This video job is already ${lifecycle.state}: there is nothing to cancel.`);
  }
  // Whatever waits for its next poll is looked at soon, so that its end and its price are known soon.
  if (applied.kind === 'changed' && isPolled(lifecycle)) addStep(parts, 'poll', applied.job);
  return { kind: 'done', job: applied.job };
}

function isPolled(lifecycle: Lifecycle): boolean {
  if (lifecycle.state === 'cancelling') return isPolled(lifecycle.following);
  return lifecycle.state === 'generating' || lifecycle.state === 'submission_unknown';
}

/** Starts another attempt. Where the last one may have cost money, the asker has to say that this may cost money again. */
export async function retryVideoJob(
  parts: VideoJobParts,
  asker: Asker,
  id: string,
  { confirmCost }: { readonly confirmCost: boolean },
): Promise<ChangeOutcome> {
  const job = await readVideoJob(parts, asker, id);
  if (job === null) return missing;
  const { state } = job.lifecycle;
  if (state !== 'failed' && state !== 'cancelled') return notRetryable(job);
  if (mayHaveBeenBilled(job.lifecycle) && !confirmCost) {
    const text =
      'The last attempt may have been billed, and another one may be billed again. Send {"confirm_cost": true} to retry all the same.';
    return refused('cost_confirmation_required', text, 'confirm_cost');
  }
  const closed = notAdmitted(parts);
  if (closed !== null) return { kind: 'refused', problem: closed };
  const applied = await parts.ledger.jobs.apply(id, { type: 'retry_requested' }, parts.now());
  if (applied.kind === 'missing') return missing;
  if (applied.kind === 'unchanged') return notRetryable(applied.job);
  addStep(parts, 'submit', applied.job);
  return { kind: 'done', job: applied.job };
}

function notRetryable({ lifecycle }: VideoJob): ChangeOutcome {
  const text =
    lifecycle.state === 'completed'
      ? 'This video job is completed. Create a new one for another video.'
      : `This video job is ${publicStatusOf(lifecycle.state)}: there is nothing to retry.`;
  return refused('not_retryable', text);
}

/** Removes an ended job and its file. The file goes first: if that fails, the job is still there to be deleted again. */
export async function deleteVideoJob(parts: VideoJobParts, asker: Asker, id: string): Promise<ChangeOutcome> {
  const job = await readVideoJob(parts, asker, id);
  if (job === null) return missing;
  const { lifecycle } = job;
  if (!isTerminal(lifecycle.state)) return stillRunning();
  if ('video' in lifecycle && lifecycle.video !== null) await parts.storage.delete(lifecycle.video.storageKey);
  if ((await parts.ledger.jobs.delete(id)) !== null) return { kind: 'done', job };
  // Somebody deleted or retried it in this very moment.
  return (await readVideoJob(parts, asker, id)) === null ? missing : stillRunning();
}

function stillRunning(): ChangeOutcome {
  const text =
    'This video job is still running. Cancel it first (POST /v1/jobs/{id}/cancel) and delete it once it has ended.';
  return refused('still_running', text);
}
