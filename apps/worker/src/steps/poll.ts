import type { StepPayloads, StepTroubleKind } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  failure,
  followedOf,
  type Generating,
  type PollOutcome,
  type ProviderEvidence,
  type Submitting,
  type VideoJob,
} from '@video-proxy/core';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { writeObservation } from '@video-proxy/telemetry';
import { applyTo } from '../record-answer.ts';
import { countTrouble, jobOfStep, type WorkerParts } from '../worker-parts.ts';
import { conclude, type Ending, verdictOf } from './conclude.ts';
import { findSubmission } from './find-submission.ts';
import { lookAtEnded } from './look-at-ended.ts';

type PollStep = StepPayloads['poll'];

const done: StepOutcome = { kind: 'done' };
/** A fresh generation is sometimes not known yet when it is polled (recorded). */
const notFoundGraceMs = 120_000;
/** Afterwards as many in a row are tolerated. */
const notFoundTolerated = 3;
/** "Finished" without an address has been seen just before the address appears. */
const withoutFileMax = 5;
/** A create request ends within its own timeout of two minutes. Until then somebody may still be waiting for the answer. */
const submittingMaxMs = 150_000;
const submittingRecheckMs = 5_000;
/** Past the deadline, one bad answer after a long outage says less than a row of them. */
const troubleMaxPastDeadline = 20;
/** Trouble of any kind, mixed or refused: after this time nobody can fetch the file any more. */
const troubleMaxMs = 24 * 3_600_000;
const troublePauseMaxMs = 30_000;
/** A recheck that meets nothing but trouble ends: whoever ordered it can order another one. */
const recheckTriesMax = 3;

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

/** A worker that died while sending leaves nobody who waits: then the request is looked up, whatever holds submissions. */
async function waitForAnswer(parts: WorkerParts, job: VideoJob, submitting: Submitting): Promise<StepOutcome> {
  const mayStillCome = parts.now() - submitting.submittedAtMs < submittingMaxMs;
  if (mayStillCome && (await isAtWork(parts, submitting.worker))) {
    return { kind: 'snooze', delayMs: submittingRecheckMs };
  }
  await applyTo(parts, job, { type: 'submit_lost', evidence: null });
  return { kind: 'snooze', delayMs: submittingRecheckMs };
}

/** Of a job that an earlier version began it is not known who sends it. */
async function isAtWork({ ledger, now }: WorkerParts, worker: string | undefined): Promise<boolean> {
  if (worker === undefined) return true;
  return (await ledger.workers.list(now())).some(({ id }) => id === worker);
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
        ? pollAgain(parts, job, step, askedAtMs)
        : conclude(parts, job, generating.endedBefore === undefined ? deadlinePassed : recheckEnded);
    case 'refused':
      await parts.account.refused(outcome.failure);
      return pollAfterTrouble(parts, job, generating, step, outcome);
    case 'succeeded_without_file':
    case 'not_found':
    case 'unavailable':
      return pollAfterTrouble(parts, job, generating, step, outcome);
  }
}

const deadlinePassed = { type: 'deadline_passed' } as const;
const recheckEnded = { type: 'recheck_ended' } as const;

type Trouble = Extract<PollOutcome, { kind: 'succeeded_without_file' | 'not_found' | 'refused' | 'unavailable' }>;

/** What may end a job although the provider gave no verdict: it keeps saying that there is nothing, or nothing of use, for too long. */
function endAfterTrouble(parts: WorkerParts, trouble: Trouble, count: number, elapsedMs: number): Ending | null {
  if (trouble.kind === 'succeeded_without_file' && count >= withoutFileMax) {
    return { type: 'generation_failed', failure: failure('artifact_unavailable') };
  }
  if (trouble.kind === 'not_found' && elapsedMs >= notFoundGraceMs && count > notFoundTolerated) {
    return { type: 'generation_not_found', evidence: trouble.evidence };
  }
  return isGivenUp(parts, trouble, count, elapsedMs) ? deadlinePassed : null;
}

async function pollAgain(parts: WorkerParts, job: VideoJob, step: PollStep, askedAtMs: number): Promise<StepOutcome> {
  if (step.trouble !== undefined) {
    const afterTries = step.trouble.count;
    await parts.ledger.jobs.note(job.id, { type: 'poll_recovered', atMs: parts.now(), details: { afterTries } });
    writeObservation(parts.log, job, 'poll_recovered', {});
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
  const ending = isRecheck
    ? recheckEndedAfter(trouble.count)
    : endAfterTrouble(parts, outcome, trouble.count, elapsedMs);
  if (ending !== null) return conclude(parts, job, ending);
  if (trouble.count === 1) await recordTrouble(parts, job, outcome);
  const retryAfterMs = outcome.kind === 'unavailable' ? outcome.retryAfterMs : null;
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, retryAfterMs, troublePauseMaxMs), trouble };
}

/** What is not found while it is fresh does not count later. */
function troubleKindOf({ kind }: Trouble, elapsedMs: number): StepTroubleKind {
  return kind === 'not_found' && elapsedMs < notFoundGraceMs ? 'not_found_yet' : kind;
}

const recheckEndedAfter = (count: number) => (count < recheckTriesMax ? null : recheckEnded);

function isGivenUp({ limits }: WorkerParts, { kind }: Trouble, count: number, elapsedMs: number): boolean {
  if (elapsedMs >= troubleMaxMs) return true;
  // A refused account says nothing about the generation.
  if (kind === 'refused') return false;
  return elapsedMs >= limits.generationTimeoutMs && count >= troubleMaxPastDeadline;
}

async function recordTrouble(parts: WorkerParts, job: VideoJob, outcome: Trouble): Promise<void> {
  const evidence = evidenceOf(outcome);
  await parts.ledger.jobs.note(job.id, {
    type: `poll_${outcome.kind}`,
    atMs: parts.now(),
    details: { evidence: evidence && { ...evidence } },
  });
  writeObservation(parts.log, job, `poll_${outcome.kind}`, { evidence });
}

function evidenceOf(outcome: Trouble): ProviderEvidence | null {
  if (outcome.kind === 'refused') return outcome.failure.evidence;
  return 'evidence' in outcome ? outcome.evidence : null;
}
