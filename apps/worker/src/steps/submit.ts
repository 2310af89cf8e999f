import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  type CreateOutcome,
  clientRequestIdOf,
  followedOf,
  type Hold,
  nextPollDelayMs,
  type Queued,
  type VideoJob,
} from '@video-proxy/core';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { applyTo, recordAcceptance, recordAnswer } from '../record-answer.ts';
import { countTrouble, jobOfStep, type WorkerParts } from '../worker-parts.ts';
import { putBack } from './put-back.ts';

type SubmitStep = StepPayloads['submit'];

const done: StepOutcome = { kind: 'done' };
/** How soon a step that met a hold looks again, should nothing have resumed the queue before. */
const heldRecheckMs = 1_000;
/** The provider's log does not show a create at once (unknown how soon): the first look is after this pause. */
const firstLookupDelayMs = 3_000;

/** Sends the create request of one attempt, at most once. */
export function submitStep(parts: WorkerParts): StepHandler<SubmitStep> {
  return async (step, { signal }) => {
    const job = await jobOfStep(parts, step);
    if (job === null) return done;
    const now = followedOf(job.lifecycle);
    switch (now.state) {
      case 'queued':
        return submitQueued(parts, job, now, step, signal);
      case 'submitting':
        return lookForAnswer(parts, job);
      case 'submission_unknown':
      case 'generating':
      case 'storing':
        await parts.steps.add('poll', { jobId: job.id, attempt: job.attempt });
        return done;
      case 'completed':
      case 'failed':
      case 'cancelled':
        return done;
    }
  };
}

async function submitQueued(
  parts: WorkerParts,
  job: VideoJob,
  queued: Queued,
  step: SubmitStep,
  signal: AbortSignal,
): Promise<StepOutcome> {
  if (await parts.account.hold()) return { kind: 'snooze', delayMs: heldRecheckMs, trouble: step.trouble };
  const { deferral } = queued;
  if (deferral !== null && parts.now() - deferral.sinceMs >= parts.limits.holdMaxMs) {
    await applyTo(parts, job, { type: 'hold_expired', hold: deferral });
    return done;
  }
  signal.throwIfAborted();
  const started = await applyTo(parts, job, { type: 'submit_started' });
  if (started.kind !== 'changed') return done;
  if (!(await parts.durability.settle())) return putBack(parts, job, queued, step);
  const { model, prompt, parameters } = job;
  const outcome = await parts.provider.create(
    { model, prompt, parameters, clientRequestId: clientRequestIdOf(job) },
    signal,
  );
  return settle(parts, job, queued, step, outcome);
}

async function settle(
  parts: WorkerParts,
  job: VideoJob,
  queued: Queued,
  step: SubmitStep,
  outcome: CreateOutcome,
): Promise<StepOutcome> {
  const { steps, account, log } = parts;
  const next = { jobId: job.id, attempt: job.attempt };
  const told = { jobId: job.id, requestId: job.requestId, owner: job.owner, model: job.model };
  switch (outcome.kind) {
    case 'accepted':
      await recordAcceptance(parts, job, outcome);
      await steps.add('poll', next, { delayMs: nextPollDelayMs(0, parts.random()) });
      await account.accepted();
      return done;
    case 'refused':
      // The account first: whoever sees the failed job also sees why the others wait.
      await account.refused(outcome.failure);
      await recordAnswer(parts, job, { type: 'submit_refused', failure: outcome.failure });
      log.warn(
        { ...told, code: outcome.failure.code, provider: outcome.failure.evidence },
        'the provider refused a video job',
      );
      return done;
    case 'unknown':
      await recordAnswer(parts, job, { type: 'submit_lost', evidence: outcome.evidence });
      log.error({ ...told, provider: outcome.evidence }, 'the answer to a create request was lost: looking for it');
      await steps.add('poll', next, { delayMs: firstLookupDelayMs });
      return done;
    case 'not_taken':
      return defer(parts, job, queued, step, outcome);
  }
}

/** The provider certainly did not take it: the same attempt waits and is sent again. */
async function defer(
  parts: WorkerParts,
  job: VideoJob,
  queued: Queued,
  step: SubmitStep,
  outcome: Extract<CreateOutcome, { kind: 'not_taken' }>,
): Promise<StepOutcome> {
  const nowMs = parts.now();
  const trouble = countTrouble(step, outcome.failure.code);
  const delayMs = backoffDelayMs(trouble.count - 1, outcome.retryAfterMs);
  const { code, message, evidence } = outcome.failure;
  const hold: Hold = { code, message, sinceMs: queued.deferral?.sinceMs ?? nowMs, untilMs: nowMs + delayMs, evidence };
  await recordAnswer(parts, job, { type: 'submit_deferred', hold });
  if (code === 'provider_rate_limited') parts.account.rateLimited(hold);
  if (trouble.count === 1) {
    parts.log.warn(
      { jobId: job.id, requestId: job.requestId, code, provider: evidence },
      'the provider did not take a video job: it waits and is sent again',
    );
  }
  return { kind: 'snooze', delayMs, trouble };
}

/**
 * The attempt was being sent when its worker died (or still waits, slower than the queue's lock). Whether the request
 * left is not known, so it is looked up and never sent again.
 */
async function lookForAnswer(parts: WorkerParts, job: VideoJob): Promise<StepOutcome> {
  await applyTo(parts, job, { type: 'submit_lost', evidence: null });
  parts.log.error(
    { jobId: job.id, requestId: job.requestId },
    'a worker stopped while sending a create request: looking for it',
  );
  await parts.steps.add('poll', { jobId: job.id, attempt: job.attempt }, { delayMs: firstLookupDelayMs });
  return { kind: 'done' };
}
