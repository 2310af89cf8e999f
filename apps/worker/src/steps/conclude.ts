import {
  clientRequestIdOf,
  type Failure,
  followedOf,
  heldUsdOf,
  type Lifecycle,
  type PollOutcome,
  type VideoJob,
  type VideoJobEvent,
  watchPauseMs,
} from '@video-proxy/core';
import type { StepOutcome } from '@video-proxy/queue';
import { applyTo } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';

/** What ends the following of a generation: the provider's verdict, or that there is none. */
export type Ending = Extract<
  VideoJobEvent,
  {
    type: 'generation_succeeded' | 'generation_failed' | 'generation_not_found' | 'deadline_passed' | 'recheck_ended';
  }
>;

const done: StepOutcome = { kind: 'done' };

/** The provider's own word on a generation, as an event of its job. */
export function verdictOf(job: VideoJob, said: Extract<PollOutcome, { kind: 'succeeded' | 'failed' }>): Ending {
  if (said.kind === 'failed') return { type: 'generation_failed', failure: namedAfter(job, said.failure) };
  const { sourceUrl, usage, providerRequestId } = said;
  const isNews = usage !== null && heldUsdOf(job.lifecycle) === null;
  const known = providerRequestId === undefined ? {} : { providerRequestId };
  return { type: 'generation_succeeded', sourceUrl, ...(isNews ? { usage } : {}), ...known };
}

/** The provider's verdict does not say which request it is about; its support will ask for that. */
function namedAfter(job: VideoJob, verdict: Failure): Failure {
  const { evidence } = verdict;
  return evidence === null
    ? verdict
    : { ...verdict, evidence: { ...evidence, clientRequestId: clientRequestIdOf(job) } };
}

/** Lets a job end, and says when it is looked at next: an end without a verdict is not the last word. */
export async function conclude(parts: WorkerParts, job: VideoJob, ending: Ending): Promise<StepOutcome> {
  const applied = await applyTo(parts, job, ending);
  if (ending.type === 'generation_succeeded') {
    await parts.steps.add('store', { jobId: job.id, attempt: job.attempt });
    return done;
  }
  // Of an earlier attempt: its step must not wait on, or it would hide that one of the current attempt is missing.
  if (applied.kind === 'missing' || applied.job.attempt !== job.attempt) return done;
  return nextLook(parts, applied.job.lifecycle);
}

/** The step of a watched job comes back after a long pause; that of any other ended job is done. */
export function nextLook({ now }: Pick<WorkerParts, 'now'>, lifecycle: Lifecycle): StepOutcome {
  // Somebody ordered a recheck while the job was looked at: the step that is running is the one that has to do it.
  if (followedOf(lifecycle).state === 'generating') return { kind: 'snooze', delayMs: 0 };
  if (lifecycle.state !== 'failed' && lifecycle.state !== 'cancelled') return done;
  const { watchedUntilMs, endedAtMs } = lifecycle;
  if (watchedUntilMs === undefined) return done;
  const nowMs = now();
  return { kind: 'snooze', delayMs: watchPauseMs(nowMs - endedAtMs, watchedUntilMs - nowMs) };
}
