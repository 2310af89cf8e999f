import { discardFiles } from '@video-proxy/artifacts';
import type { ProblemCode } from '@video-proxy/contracts';
import {
  generationIdOf,
  isTerminal,
  type Lifecycle,
  mayHaveBeenBilled,
  publicStatusOf,
  storageKeysOf,
  storedVideoOf,
  type VideoJob,
} from '@video-proxy/core';
import { notAdmitted } from '../admission.ts';
import { circumstancesOf, type Orderer } from '../asker.ts';
import { problem } from '../problem.ts';
import type { ChangeOutcome, VideoJobParts } from './parts.ts';
import { readOrderedVideoJob } from './read.ts';
import { callForTurn, hastenPoll } from './wake-worker.ts';

const missing = { kind: 'missing' } as const;

function refused(code: ProblemCode, message: string, param: string | null = null): ChangeOutcome {
  return { kind: 'refused', problem: problem(code, message, param) };
}

/**
 * Stops a job that has not been sent; one that has been sent is followed to its end, because the provider cannot be told to
 * stop and the price has to be known. Cancelling twice is the same as once.
 */
export async function cancelVideoJob(parts: VideoJobParts, orderer: Orderer, id: string): Promise<ChangeOutcome> {
  if ((await readOrderedVideoJob(parts, orderer, id)) === null) return missing;
  const circumstances = circumstancesOf(orderer);
  const applied = await parts.ledger.jobs.apply(id, { type: 'cancel_requested' }, parts.now(), { circumstances });
  if (applied.kind === 'missing') return missing;
  const { lifecycle } = applied.job;
  if (lifecycle.state === 'completed' || lifecycle.state === 'failed') {
    return refused('already_ended', `This video job is already ${lifecycle.state}: there is nothing to cancel.`);
  }
  // Whatever waits for its next poll is looked at soon, so that its end and its price are known soon.
  if (applied.kind === 'changed' && isPolled(lifecycle)) hastenPoll(parts, applied.job);
  return { kind: 'done', job: applied.job };
}

function isPolled(lifecycle: Lifecycle): boolean {
  if (lifecycle.state === 'cancelling') return isPolled(lifecycle.following);
  return lifecycle.state === 'generating' || lifecycle.state === 'submission_unknown';
}

/** Starts another attempt. Where the last one may have cost money, the asker has to say that this may cost money again. */
export async function retryVideoJob(
  parts: VideoJobParts,
  orderer: Orderer,
  id: string,
  { confirmCost }: { readonly confirmCost: boolean },
): Promise<ChangeOutcome> {
  const job = await readOrderedVideoJob(parts, orderer, id);
  if (job === null) return missing;
  const closed = notAdmitted(parts);
  if (closed !== null) return { kind: 'refused', problem: closed };
  const applied = await parts.ledger.jobs.apply(id, { type: 'retry_requested' }, parts.now(), {
    attempt: job.attempt,
    when: ({ lifecycle }) => confirmCost || !mayHaveBeenBilled(lifecycle),
    circumstances: circumstancesOf(orderer),
  });
  if (applied.kind === 'missing') return missing;
  if (applied.kind === 'unchanged') return notRetried(applied.job, job.attempt);
  callForTurn(parts, applied.job);
  await discardFilesOf(parts, applied.previous);
  return { kind: 'done', job: applied.job };
}

function notRetried({ lifecycle, attempt }: VideoJob, wantedAttempt: number): ChangeOutcome {
  const { state } = lifecycle;
  if (attempt !== wantedAttempt) return refused('not_retryable', 'This video job has just been retried already.');
  if (state === 'completed') {
    return refused('not_retryable', 'This video job is completed. Create a new one for another video.');
  }
  if (!isTerminal(state)) {
    return refused('not_retryable', `This video job is ${publicStatusOf(state)}: there is nothing to retry.`);
  }
  const text =
    'The last attempt may have been billed, and another one may be billed again. Send {"confirm_cost": true} to retry all the same.';
  return refused('cost_confirmation_required', text, 'confirm_cost');
}

/** The files that came for a cancelled attempt go with it. The next attempt has names of its own, so nothing else is hit. */
function discardFilesOf({ storage, ledger }: VideoJobParts, { lifecycle }: VideoJob): Promise<void> {
  return discardFiles({ storage, leftFiles: ledger.leftFiles }, storageKeysOf(storedVideoOf(lifecycle)));
}

/** Has a worker ask the provider once more what became of a generation. Never leads to another create request. */
export async function recheckVideoJob(parts: VideoJobParts, orderer: Orderer, id: string): Promise<ChangeOutcome> {
  const job = await readOrderedVideoJob(parts, orderer, id);
  if (job === null) return missing;
  const applied = await parts.ledger.jobs.apply(id, { type: 'recheck_requested' }, parts.now(), {
    attempt: job.attempt,
    circumstances: circumstancesOf(orderer),
  });
  if (applied.kind === 'missing') return missing;
  if (applied.kind === 'unchanged') return refused('nothing_to_recheck', whyNothingToRecheck(applied.job.lifecycle));
  hastenPoll(parts, applied.job);
  return { kind: 'done', job: applied.job };
}

function whyNothingToRecheck(lifecycle: Lifecycle): string {
  const { state } = lifecycle;
  if (!isTerminal(state)) return `This video job is ${publicStatusOf(state)}: the provider is asked about it anyway.`;
  if (storedVideoOf(lifecycle) !== null) return 'The file of this video job is here: there is nothing to ask about.';
  return generationIdOf(lifecycle) === null
    ? 'This video job has no generation id: there is nothing the provider could be asked about.'
    : 'This video job has just been changed: look at it again.';
}

/** Removes an ended job and its file. The file goes first: if that fails, the job is still there to be deleted again. */
export async function deleteVideoJob(parts: VideoJobParts, orderer: Orderer, id: string): Promise<ChangeOutcome> {
  const job = await readOrderedVideoJob(parts, orderer, id);
  if (job === null) return missing;
  if (!isTerminal(job.lifecycle.state)) return stillRunning();
  const video = storedVideoOf(job.lifecycle);
  for (const key of storageKeysOf(video)) await parts.storage.delete(key);
  const removed = await parts.ledger.jobs.delete(id);
  if (removed === null) {
    // Somebody deleted or retried it in this very moment.
    return (await readOrderedVideoJob(parts, orderer, id)) === null ? missing : stillRunning();
  }
  // A late video may have come between the look and the removal.
  if (video === null) await discardFilesOf(parts, removed);
  return { kind: 'done', job };
}

function stillRunning(): ChangeOutcome {
  const text =
    'This video job is still running. Cancel it first (POST /v1/jobs/{id}/cancel) and delete it once it has ended.';
  return refused('still_running', text);
}
