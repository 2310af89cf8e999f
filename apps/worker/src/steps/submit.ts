import type { StepPayloads } from '@video-proxy/contracts';
import {
  clientRequestIdOf,
  type Found,
  failure,
  type Hold,
  remark,
  said,
  saidWithin,
  type VideoJob,
} from '@video-proxy/core';
import type { TurnRules } from '@video-proxy/ledger';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { applyTo } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { withInputs } from './inputs.ts';
import { putBack, putOff } from './put-back.ts';
import { settleCreate } from './settle-create.ts';

type SubmitStep = StepPayloads['submit'];

const done: StepOutcome = { kind: 'done' };
/** How soon a step that met a hold looks again, should nothing have resumed the queue before. */
const heldRecheckMs = 1_000;
/**
 * From the record of a request to its leaving. A process that was stopped for longer (a suspended machine) may have been given
 * up meanwhile, and its job failed or retried. The wall clock, because the other one stands still in a suspended machine.
 */
const recordedMaxMs = 10_000;

/**
 * Takes a turn: sends the create request of the job that is next, at most once. Whose job that is, the ledger says and not
 * the step, which only wakes somebody up; so there may be fewer steps than jobs, or more.
 */
export function submitStep(parts: WorkerParts): StepHandler<SubmitStep> {
  return async (_step, { signal }) => {
    // Kept until the answer has been taken in: a trial lets the next one in only then.
    await using admission = await parts.account.admit();
    if (admission.kind === 'held') return { kind: 'snooze', delayMs: heldRecheckMs };
    const rules = turnRules(parts, admission.heldModels);
    const turn = await parts.ledger.turns.next(rules, parts.now());
    switch (turn.kind) {
      case 'empty':
        return done;
      case 'blocked':
        return { kind: 'snooze', delayMs: heldRecheckMs };
      case 'turn':
        // Before this job is sent, so that others who are free do not wait for its answer.
        if (turn.another !== null && admission.kind === 'open') {
          await parts.steps.add('submit', { jobId: turn.another, attempt: 1 });
        }
        await submit(parts, turn.job, signal);
        return oneMoreTurn(parts, rules);
    }
  };
}

export function turnRules({ limits }: Pick<WorkerParts, 'limits'>, heldModels: readonly string[]): TurnRules {
  return { heldModels, ownerRunningMax: limits.ownerRunningMax };
}

/** While jobs wait, the last step does not end. */
async function oneMoreTurn(parts: WorkerParts, rules: TurnRules): Promise<StepOutcome> {
  const [turn, stepsWaiting] = await Promise.all([
    parts.ledger.turns.peek(rules, parts.now()),
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
  await releaseFirstAttempt(parts, job);
  const inputs = await withInputs(parts, job);
  if (inputs.kind === 'gone') return failWithoutInput(parts, job, inputs.param);
  if (inputs.kind === 'unavailable') {
    return putOff(parts, job, job.lifecycle, unreadable(inputs));
  }
  signal.throwIfAborted();
  const sentAtMs = parts.now();
  const started = await applyTo(parts, job, { type: 'submit_started', worker: parts.workerId });
  if (started.kind !== 'changed') return;
  const isSafe = await parts.durability.settle(job);
  const mayBeSent = isSafe && !signal.aborted && parts.now() - sentAtMs <= recordedMaxMs;
  if (!mayBeSent) return putBack(parts, job, job.lifecycle);
  const { model, prompt } = job;
  const { parameters } = inputs;
  const outcome = await parts.provider.create(
    { model, prompt, parameters, clientRequestId: clientRequestIdOf(job) },
    signal,
  );
  await settleCreate(parts, { job, queued: job.lifecycle, sentAtMs }, outcome);
}

function unreadable({ finding, said: what }: Found): Pick<Hold, 'code' | 'message' | 'said' | 'evidence'> {
  const message = `The files of this request cannot be read now (${finding}). It was not sent, nothing was billed; it is tried again by itself.`;
  return { code: 'internal_error', message, said: said('hold_files_unreadable', saidWithin(what)), evidence: null };
}

/** Nothing was sent. The same words for a file that was deleted and one whose time was over. */
async function failWithoutInput(parts: WorkerParts, job: VideoJob, param: string): Promise<void> {
  const text = `The file in "${param}" has been deleted, so the request was not sent; nothing was billed. Upload it again and send a new request.`;
  const told = remark(text, 'failure_input_deleted', { param });
  await applyTo(parts, job, { type: 'submit_refused', failure: failure('invalid_request', { told }) });
}

/**
 * The first attempt may still be watched, by a step that waits for up to an hour. Reconcile would take it for the step of
 * this attempt, so it has to be over before anything of this attempt can get lost.
 */
async function releaseFirstAttempt({ steps }: WorkerParts, { id, attempt }: VideoJob): Promise<void> {
  if (attempt > 1) await steps.hasten('poll', { jobId: id, attempt: 1 });
}
