import type { StepPayloads } from '@video-proxy/contracts';
import { type CreateOutcome, clientRequestIdOf, type Queued, type VideoJob } from '@video-proxy/core';
import type { TurnRules } from '@video-proxy/ledger';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { applyTo, recordAcceptance, recordAnswer } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { putBack, putOff } from './put-back.ts';

type SubmitStep = StepPayloads['submit'];

const done: StepOutcome = { kind: 'done' };
/** How soon a step that met a hold looks again, should nothing have resumed the queue before. */
const heldRecheckMs = 1_000;
/** The provider's log does not show a create at once (unknown how soon): the first look is after this pause. */
const firstLookupDelayMs = 3_000;

/**
 * Takes a turn: sends the create request of the job that is next, at most once. Whose job that is, the ledger says and not
 * the step, which only wakes somebody up; so there may be fewer steps than jobs, or more.
 */
export function submitStep(parts: WorkerParts): StepHandler<SubmitStep> {
  return async (_step, { signal }) => {
    if (await parts.account.hold()) return { kind: 'snooze', delayMs: heldRecheckMs };
    const turn = await parts.ledger.turns.next(turnRules(parts), parts.now());
    switch (turn.kind) {
      case 'empty':
        return done;
      case 'blocked':
        return { kind: 'snooze', delayMs: heldRecheckMs };
      case 'turn':
        // Before this job is sent, so that others who are free do not wait for its answer.
        if (turn.another !== null) await parts.steps.add('submit', { jobId: turn.another, attempt: 1 });
        await submit(parts, turn.job, signal);
        return oneMoreTurn(parts);
    }
  };
}

export function turnRules({ limits }: Pick<WorkerParts, 'limits'>): TurnRules {
  return { heldModels: [], ownerRunningMax: limits.ownerRunningMax };
}

/** While jobs wait, the last step does not end. */
async function oneMoreTurn(parts: WorkerParts): Promise<StepOutcome> {
  const [turn, stepsWaiting] = await Promise.all([
    parts.ledger.turns.peek(turnRules(parts), parts.now()),
    parts.steps.waiting('submit'),
  ]);
  return turn === 'empty' || stepsWaiting > 0 ? done : { kind: 'snooze', delayMs: 0 };
}

async function submit(parts: WorkerParts, job: VideoJob, signal: AbortSignal): Promise<void> {
  if (job.lifecycle.state !== 'queued') return;
  const { deferral } = job.lifecycle;
  if (deferral !== null && parts.now() - deferral.sinceMs >= parts.limits.holdMaxMs) {
    await applyTo(parts, job, { type: 'hold_expired', hold: deferral });
    return;
  }
  signal.throwIfAborted();
  const started = await applyTo(parts, job, { type: 'submit_started', worker: parts.workerId });
  if (started.kind !== 'changed') return;
  if (!(await parts.durability.settle(job))) return putBack(parts, job, job.lifecycle);
  const { model, prompt, parameters } = job;
  const outcome = await parts.provider.create(
    { model, prompt, parameters, clientRequestId: clientRequestIdOf(job) },
    signal,
  );
  return settle(parts, job, job.lifecycle, outcome);
}

async function settle(parts: WorkerParts, job: VideoJob, queued: Queued, outcome: CreateOutcome): Promise<void> {
  const { steps, account, log } = parts;
  const next = { jobId: job.id, attempt: job.attempt };
  const told = { jobId: job.id, requestId: job.requestId, owner: job.owner, model: job.model };
  switch (outcome.kind) {
    case 'accepted': {
      const accepted = await recordAcceptance(parts, job, outcome);
      await steps.add('poll', next, { delayMs: await parts.pace.pauseMs(accepted ?? job) });
      await account.accepted();
      return;
    }
    case 'refused':
      // The account first: whoever sees the failed job also sees why the others wait.
      await account.refused(outcome.failure);
      await recordAnswer(parts, job, { type: 'submit_refused', failure: outcome.failure });
      log.warn(
        { ...told, code: outcome.failure.code, provider: outcome.failure.evidence },
        'the provider refused a video job',
      );
      return;
    case 'unknown':
      await recordAnswer(parts, job, { type: 'submit_lost', evidence: outcome.evidence });
      log.error({ ...told, provider: outcome.evidence }, 'the answer to a create request was lost: looking for it');
      await steps.add('poll', next, { delayMs: firstLookupDelayMs });
      return;
    case 'not_taken':
      return defer(parts, job, queued, outcome);
  }
}

/** The provider certainly did not take it: the same attempt waits and is sent again. */
async function defer(
  parts: WorkerParts,
  job: VideoJob,
  queued: Queued,
  outcome: Extract<CreateOutcome, { kind: 'not_taken' }>,
): Promise<void> {
  const { code, message, evidence } = outcome.failure;
  const hold = await putOff(parts, job, queued, { code, message, evidence, retryAfterMs: outcome.retryAfterMs });
  if (code === 'provider_rate_limited') parts.account.rateLimited(hold);
  if (queued.deferral === null) {
    parts.log.warn(
      { jobId: job.id, requestId: job.requestId, code, provider: evidence },
      'the provider did not take a video job: it waits and is sent again',
    );
  }
}
