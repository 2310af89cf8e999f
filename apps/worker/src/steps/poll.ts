import type { StepPayloads } from '@video-proxy/contracts';
import {
  backoffDelayMs,
  clientRequestIdOf,
  type Failure,
  failure,
  followedOf,
  type Generating,
  nextPollDelayMs,
  type PollOutcome,
  type ProviderEvidence,
  type Submitting,
  type VideoJob,
  type VideoJobEvent,
} from '@video-proxy/core';
import type { StepHandler, StepOutcome } from '@video-proxy/queue';
import { applyTo } from '../record-answer.ts';
import { countTrouble, jobOfStep, type WorkerParts } from '../worker-parts.ts';
import { findSubmission } from './find-submission.ts';

type PollStep = StepPayloads['poll'];

const done: StepOutcome = { kind: 'done' };
/** A fresh generation is sometimes not known yet when it is polled (recorded). */
const notFoundGraceMs = 120_000;
const notFoundMax = 10;
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

/**
 * Asks the provider about one generation. Its verdict or the deadline ends a job. Trouble on the way does not, unless the
 * provider keeps saying that there is no such generation, or no file of it.
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
      case 'queued':
      case 'completed':
      case 'failed':
      case 'cancelled':
        return done;
    }
  };
}

/** A worker that died while sending leaves nobody who waits: then the request is looked up, whatever holds submissions. */
async function waitForAnswer(parts: WorkerParts, job: VideoJob, submitting: Submitting): Promise<StepOutcome> {
  if (parts.now() - submitting.submittedAtMs < submittingMaxMs) return { kind: 'snooze', delayMs: submittingRecheckMs };
  await applyTo(parts, job, { type: 'submit_lost', evidence: null });
  return { kind: 'snooze', delayMs: submittingRecheckMs };
}

async function pollGeneration(
  parts: WorkerParts,
  job: VideoJob,
  generating: Generating,
  step: PollStep,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const outcome = await parts.provider.poll(generating.generationId, signal);
  const elapsedMs = parts.now() - generating.submittedAtMs;
  switch (outcome.kind) {
    case 'succeeded':
      return conclude(parts, job, { type: 'generation_succeeded', sourceUrl: outcome.sourceUrl });
    case 'failed':
      return conclude(parts, job, { type: 'generation_failed', failure: namedAfter(job, outcome.failure) });
    case 'pending':
      return elapsedMs < parts.limits.generationTimeoutMs
        ? pollAgain(parts, job, step, elapsedMs)
        : conclude(parts, job, { type: 'deadline_passed' });
    case 'refused':
      await parts.account.refused(outcome.failure);
      return pollAfterTrouble(parts, job, step, outcome, elapsedMs);
    case 'succeeded_without_file':
    case 'not_found':
    case 'unavailable':
      return pollAfterTrouble(parts, job, step, outcome, elapsedMs);
  }
}

/** The provider's verdict does not say which request it is about; its support will ask for that. */
function namedAfter(job: VideoJob, verdict: Failure): Failure {
  const { evidence } = verdict;
  return evidence === null
    ? verdict
    : { ...verdict, evidence: { ...evidence, clientRequestId: clientRequestIdOf(job) } };
}

type Verdict = Extract<VideoJobEvent, { type: 'generation_succeeded' | 'generation_failed' | 'deadline_passed' }>;
type Trouble = Extract<PollOutcome, { kind: 'succeeded_without_file' | 'not_found' | 'refused' | 'unavailable' }>;

/** What may end a job although the provider gave no verdict: it keeps saying that there is nothing, for too long. */
function verdictAfterTrouble(trouble: Trouble, count: number, elapsedMs: number): Verdict | null {
  switch (trouble.kind) {
    case 'succeeded_without_file':
      return count < withoutFileMax ? null : { type: 'generation_failed', failure: failure('artifact_unavailable') };
    case 'not_found': {
      const tolerated = elapsedMs < notFoundGraceMs || count < notFoundMax;
      return tolerated ? null : { type: 'generation_failed', failure: forgotten(trouble.evidence) };
    }
    case 'refused':
    case 'unavailable':
      return null;
  }
}

function forgotten(evidence: ProviderEvidence): Failure {
  const message =
    'The video provider no longer knows this generation. It is not known whether it was billed; its generation id is kept for the operators.';
  return failure('provider_error', { message, billed: 'unknown', evidence });
}

async function conclude(parts: WorkerParts, job: VideoJob, verdict: Verdict): Promise<StepOutcome> {
  await applyTo(parts, job, verdict);
  if (verdict.type === 'generation_succeeded') {
    await parts.steps.add('store', { jobId: job.id, attempt: job.attempt });
    return done;
  }
  const why = verdict.type === 'generation_failed' ? verdict.failure : null;
  parts.log.warn(
    { jobId: job.id, requestId: job.requestId, code: why?.code ?? 'generation_timeout', provider: why?.evidence },
    'a generation ended without a video',
  );
  return done;
}

async function pollAgain(parts: WorkerParts, job: VideoJob, step: PollStep, elapsedMs: number): Promise<StepOutcome> {
  if (step.trouble !== undefined) {
    await parts.ledger.jobs.note(job.id, {
      type: 'poll_recovered',
      atMs: parts.now(),
      details: { afterTries: step.trouble.count },
    });
  }
  return { kind: 'snooze', delayMs: nextPollDelayMs(elapsedMs, parts.random()) };
}

/** Only the way into trouble and the way out of it are history; the tries between are not. */
async function pollAfterTrouble(
  parts: WorkerParts,
  job: VideoJob,
  step: PollStep,
  outcome: Trouble,
  elapsedMs: number,
): Promise<StepOutcome> {
  const trouble = countTrouble(step, outcome.kind);
  const verdict = verdictAfterTrouble(outcome, trouble.count, elapsedMs);
  if (verdict !== null) return conclude(parts, job, verdict);
  if (isGivenUp(parts, outcome, trouble.count, elapsedMs)) return conclude(parts, job, { type: 'deadline_passed' });
  if (trouble.count === 1) await recordTrouble(parts, job, outcome);
  const retryAfterMs = outcome.kind === 'unavailable' ? outcome.retryAfterMs : null;
  return { kind: 'snooze', delayMs: backoffDelayMs(trouble.count - 1, retryAfterMs, troublePauseMaxMs), trouble };
}

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
  parts.log.warn(
    { jobId: job.id, requestId: job.requestId, trouble: outcome.kind, provider: evidence },
    'a poll had no useful answer: asking again',
  );
}

function evidenceOf(outcome: Trouble): ProviderEvidence | null {
  if (outcome.kind === 'refused') return outcome.failure.evidence;
  return 'evidence' in outcome ? outcome.evidence : null;
}
