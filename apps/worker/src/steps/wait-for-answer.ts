import { followedOf, type Submitting, type VideoJob } from '@video-proxy/core';
import type { StepOutcome } from '@video-proxy/queue';
import type { WorkerParts } from '../worker-parts.ts';

type WaitingParts = Pick<WorkerParts, 'ledger' | 'now'>;

/** A create request ends within its own timeout of two minutes. Until then somebody may still be waiting for the answer. */
const submittingMaxMs = 150_000;
const recheckMs = 5_000;

/**
 * Waits for the worker that sends a create request. One that died while sending leaves nobody who waits: then the request is
 * looked up, whatever holds submissions.
 */
export async function waitForAnswer(parts: WaitingParts, job: VideoJob, submitting: Submitting): Promise<StepOutcome> {
  const mayStillCome = parts.now() - submitting.submittedAtMs < submittingMaxMs;
  const isAwaited = mayStillCome && (await isAtWork(parts, submitting.worker));
  if (!isAwaited) await giveUp(parts, job);
  return { kind: 'snooze', delayMs: recheckMs };
}

/** Of a job that an earlier version began it is not known who sends it. */
async function isAtWork({ ledger, now }: WaitingParts, worker: string | undefined): Promise<boolean> {
  if (worker === undefined) return true;
  return (await ledger.workers.list(now())).some(({ id }) => id === worker);
}

/** The answer may have come since the job was read: one that says that nothing was taken has put the job back. */
async function giveUp({ ledger, now }: WaitingParts, { id, attempt }: VideoJob): Promise<void> {
  const when = ({ lifecycle }: VideoJob) => followedOf(lifecycle).state === 'submitting';
  await ledger.jobs.apply(id, { type: 'submit_lost', evidence: null }, now(), { attempt, when });
}
