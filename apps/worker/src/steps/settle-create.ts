import type { CreateOutcome, Failure, Queued, VideoJob } from '@video-proxy/core';
import { recordAcceptance, recordAnswer } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { putOff } from './put-back.ts';

/** A create request that was sent. */
interface Sent {
  readonly job: VideoJob;
  /** As the job was before. */
  readonly queued: Queued;
  readonly sentAtMs: number;
}

/** The provider's log does not show a create at once (unknown how soon): the first look is after this pause. */
const firstLookupDelayMs = 3_000;

/** Takes in how a create request ended: for its job, and for everybody who waits to send another one. */
export async function settleCreate(parts: WorkerParts, sent: Sent, outcome: CreateOutcome): Promise<void> {
  switch (outcome.kind) {
    case 'accepted':
      return accepted(parts, sent, outcome);
    case 'refused':
      return refused(parts, sent, outcome.failure);
    case 'unknown':
      return lost(parts, sent, outcome);
    case 'not_taken':
      return defer(parts, sent, outcome);
  }
}

async function accepted(
  parts: WorkerParts,
  { job, sentAtMs }: Sent,
  outcome: Extract<CreateOutcome, { kind: 'accepted' }>,
): Promise<void> {
  const following = await recordAcceptance(parts, job, outcome);
  await parts.steps.add('poll', stepOf(job), { delayMs: await parts.pace.pauseMs(following ?? job) });
  await parts.account.accepted({ model: job.model, sentAtMs }, outcome.usage);
}

async function refused(parts: WorkerParts, { job, sentAtMs }: Sent, failure: Failure): Promise<void> {
  await tellAccountFirst(
    () => parts.account.createRefused(failure, { model: job.model, sentAtMs }),
    () => recordAnswer(parts, job, { type: 'submit_refused', failure }),
  );
}

async function lost(
  parts: WorkerParts,
  { job }: Sent,
  { evidence }: Extract<CreateOutcome, { kind: 'unknown' }>,
): Promise<void> {
  await recordAnswer(parts, job, { type: 'submit_lost', evidence });
  await parts.steps.add('poll', stepOf(job), { delayMs: firstLookupDelayMs });
  await parts.account.answerLost();
}

/** The provider certainly did not take it: the same attempt waits and is sent again. */
async function defer(
  parts: WorkerParts,
  { job, queued, sentAtMs }: Sent,
  { failure, retryAfterMs }: Extract<CreateOutcome, { kind: 'not_taken' }>,
): Promise<void> {
  const request = { model: job.model, sentAtMs };
  const shared = await parts.account.notTaken(failure, request, retryAfterMs).catch((error: unknown) => {
    parts.log.error(
      { jobId: job.id, requestId: job.requestId, err: error },
      'a pause could not be shared with the other workers',
    );
    return null;
  });
  await putOff(parts, job, queued, failure, shared?.untilMs);
}

/**
 * The account first: whoever sees the failed job also sees why the others wait. Without Redis the answer, which is waited
 * with, must not be lost to that.
 */
async function tellAccountFirst(tell: () => Promise<void>, record: () => Promise<unknown>): Promise<void> {
  const told = await tell().then(
    () => true,
    () => false,
  );
  await record();
  if (!told) await tell();
}

const stepOf = (job: VideoJob) => ({ jobId: job.id, attempt: job.attempt });
