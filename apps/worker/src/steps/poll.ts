import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  followedOf,
  type Generating,
  type PollOutcome,
  type ProviderEvidence,
  type VideoJob,
} from '@video-proxy/core';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { writeObservation } from '@video-proxy/telemetry';
import { countTrouble, jobOfStep, type WorkerParts } from '../worker-parts.ts';
import { conclude, verdictOf } from './conclude.ts';
import { findSubmission } from './find-submission.ts';
import { lookAtEnded } from './look-at-ended.ts';
import { endAfter, overdue, type Trouble, troubleKindOf } from './poll-endings.ts';
import { providerRequestIdIn } from './provider-request-id.ts';
import { waitForAnswer } from './wait-for-answer.ts';

type PollStep = StepPayloads['poll'];

const done: StepOutcome = { kind: 'done' };
const troublePauseMaxMs = 30_000;

/**
 * Asks the provider about one generation. Its verdict or the deadline ends a job. Trouble on the way does not, unless the
 * provider keeps saying that there is no such generation, or no file of it. A job that ended without a verdict goes on being
 * looked at.
 */
export function pollStep(parts: WorkerParts): StepHandler<PollStep> {
  return async (step, { signal }) => {
    const job = await jobOfStep(parts, step);
    if (job === null) return done;
    const now = followedOf(job.lifecycle);
    switch (now.state) {
      case 'submitting':
        return waitForAnswer(parts, job, now);
      case 'submission_unknown':
        return findSubmission(parts, job, now, step, signal);
      case 'generating':
        return pollGeneration(parts, job, now, step, signal);
      case 'storing':
        await parts.steps.add('store', { jobId: job.id, attempt: job.attempt });
        return done;
      case 'failed':
      case 'cancelled':
        return lookAtEnded(parts, job, now, signal);
      case 'queued':
      case 'completed':
        return done;
    }
  };
}

async function pollGeneration(
  parts: WorkerParts,
  job: VideoJob,
  generating: Generating,
  step: PollStep,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const askedAtMs = parts.now();
  const outcome = await parts.provider.poll(generating.generationId, signal);
  const elapsedMs = parts.now() - generating.submittedAtMs;
  switch (outcome.kind) {
    case 'succeeded': {
      const concluded = await conclude(parts, job, verdictOf(job, outcome));
      await parts.pace.finished(job, askedAtMs);
      return concluded;
    }
    case 'failed':
      return conclude(parts, job, verdictOf(job, outcome));
    case 'pending':
      return elapsedMs < parts.limits.generationTimeoutMs
        ? pollAgain(parts, job, step, askedAtMs, outcome)
        : conclude(parts, job, overdue(generating, outcome));
    case 'refused':
      await parts.account.refused(outcome.failure);
      return pollAfterTrouble(parts, job, generating, step, outcome);
    case 'succeeded_without_file':
    case 'not_found':
    case 'unavailable':
      return pollAfterTrouble(parts, job, generating, step, outcome);
  }
}

async function pollAgain(
  parts: WorkerParts,
  job: VideoJob,
  step: PollStep,
  askedAtMs: number,
  outcome: PollOutcome,
): Promise<StepOutcome> {
  if (step.trouble !== undefined) {
    const named = providerRequestIdIn(outcome);
    const details = { afterTries: step.trouble.count, ...named };
    await parts.ledger.jobs.note(job.id, { type: 'poll_recovered', atMs: parts.now(), details });
    writeObservation(parts.log, job, 'poll_recovered', named);
  }
  return { kind: 'snooze', delayMs: await parts.pace.pending(job, askedAtMs) };
}

/** Only the way into trouble and the way out of it are history; the tries between are not. */
async function pollAfterTrouble(
  parts: WorkerParts,
  job: VideoJob,
  generating: Generating,
  step: PollStep,
  outcome: Trouble,
): Promise<StepOutcome> {
  const elapsedMs = parts.now() - generating.submittedAtMs;
  const isRecheck = generating.endedBefore !== undefined;
  const trouble = countTrouble(step, isRecheck ? 'recheck' : troubleKindOf(outcome, elapsedMs));
  const ending = endAfter(parts, generating, outcome, { count: trouble.count, elapsedMs });
  if (ending !== null) return conclude(parts, job, ending);
  if (trouble.count === 1) await recordTrouble(parts, job, outcome);
  const retryAfterMs = outcome.kind === 'unavailable' ? outcome.retryAfterMs : null;
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, retryAfterMs, troublePauseMaxMs), trouble };
}

async function recordTrouble(parts: WorkerParts, job: VideoJob, outcome: Trouble): Promise<void> {
  const evidence = evidenceOf(outcome);
  const said = evidence === null ? providerRequestIdIn(outcome) : { evidence: { ...evidence } };
  await parts.ledger.jobs.note(job.id, { type: `poll_${outcome.kind}`, atMs: parts.now(), details: said });
  writeObservation(parts.log, job, `poll_${outcome.kind}`, { evidence, ...providerRequestIdIn(outcome) });
}

function evidenceOf(outcome: Trouble): ProviderEvidence | null {
  if (outcome.kind === 'refused') return outcome.failure.evidence;
  return 'evidence' in outcome ? outcome.evidence : null;
}
