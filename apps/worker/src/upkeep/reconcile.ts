import type { JobStepName, StepPayloads } from '@video-proxy/contracts';
import {
  followedOf,
  isTerminal,
  type Underway,
  type VideoJob,
  type VideoJobState,
  watchedUntilMsOf,
} from '@video-proxy/core';
import type { WorkerParts } from '../worker-parts.ts';

type ReconcileParts = Pick<WorkerParts, 'ledger' | 'steps'>;
type Slices = AsyncIterable<readonly StepPayloads[JobStepName][]>;

/** Documents read at once. Small, because a job may carry images of some megabytes. */
const documentsMax = 50;

/** A queue of polls that was lost comes back no faster than this, and spread over the longest regular pause at the most. */
const pollsApartMs = 20;
const pollsSpreadMs = 15_000;

/** The step that moves a job on from each state; a terminal state needs none. */
const stepOf = {
  queued: 'submit',
  // Not `submit`: that queue stands still while the account is refused, and the answer has to be looked for all the same.
  submitting: 'poll',
  submission_unknown: 'poll',
  generating: 'poll',
  storing: 'store',
} as const satisfies Record<'queued' | Underway['state'], JobStepName>;

/** Which steps a job may have in each state. Which one it has to be is said by its document, read when it has none. */
const stepsOf = {
  // They have turns, and the steps that call for turns are counted.
  queued: [],
  submitting: [stepOf.submitting],
  submission_unknown: [stepOf.submission_unknown],
  generating: [stepOf.generating],
  storing: [stepOf.storing],
  cancelling: ['poll', 'store'],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<VideoJobState, readonly JobStepName[]>;

/**
 * Gives every unfinished or watched job that lacks it the step that moves it on, whatever lost it: a crash between two
 * writes, a queue emptied by hand. Jobs that have theirs, all but a few, are not even read.
 */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const { jobs } = parts.ledger;
  const nextPollDelayMs = delaysOfPolls();
  for (const [state, steps] of Object.entries(stepsOf) as [VideoJobState, readonly JobStepName[]][]) {
    await restore(parts, () => jobs.idsInState(state), steps, nextPollDelayMs);
  }
  await restore(parts, () => jobs.watchedIds(), ['poll'], nextPollDelayMs);
  await restoreTurns(parts);
}

/**
 * One step is enough for all waiting jobs: whoever takes a turn calls for the next one. One that waits for its time does not
 * count, because nobody knows for how long.
 */
async function restoreTurns({ ledger, steps }: ReconcileParts): Promise<void> {
  await ledger.turns.adopt();
  for await (const [jobId] of ledger.jobs.idsInState('queued')) {
    const { waiting, active } = (await steps.counts()).submit;
    if (jobId !== undefined && waiting + active === 0) await steps.hasten('submit', { jobId, attempt: 1 });
    return;
  }
}

type Ids = AsyncIterable<readonly string[]>;

/** When nobody knows any more when polls were due: one that was lost alone comes at once, thousands do not come together. */
function delaysOfPolls(): () => number {
  let count = 0;
  return () => {
    const delayMs = (count * pollsApartMs) % pollsSpreadMs;
    count += 1;
    return delayMs;
  };
}

async function restore(
  parts: ReconcileParts,
  ids: () => Ids,
  steps: readonly JobStepName[],
  nextPollDelayMs: () => number,
): Promise<void> {
  for (const step of steps) {
    for await (const lost of missingIn(parts, ids(), steps, step)) {
      await (step === 'poll' ? parts.steps.addMany(step, lost, nextPollDelayMs) : parts.steps.addMany(step, lost));
    }
  }
}

/**
 * An index does not know the attempt of a job. Nearly always it is the first, so that one is asked for, and only a job
 * without it is read. A step that the first attempt left behind hides a missing one until it has run:
 * a later attempt sees to that before it is sent.
 */
function missingIn(parts: ReconcileParts, ids: Ids, steps: readonly JobStepName[], step: JobStepName): Slices {
  const lacking = steps.reduce<Slices>((slices, one) => parts.steps.missing(one, slices), firstAttempts(ids));
  return parts.steps.missing(step, currentAttempts(parts, lacking, step));
}

async function* firstAttempts(slices: Ids): Slices {
  for await (const ids of slices) yield ids.map((jobId) => ({ jobId, attempt: 1 }));
}

async function* currentAttempts({ ledger }: ReconcileParts, slices: Slices, step: JobStepName): Slices {
  for await (const steps of slices) {
    for (let start = 0; start < steps.length; start += documentsMax) {
      const ids = steps.slice(start, start + documentsMax).map(({ jobId }) => jobId);
      const jobs = await ledger.jobs.getMany(ids);
      yield jobs.filter((job) => nextStepOf(job) === step).map(({ id, attempt }) => ({ jobId: id, attempt }));
    }
  }
}

function nextStepOf({ lifecycle }: VideoJob): JobStepName | null {
  if (watchedUntilMsOf(lifecycle) !== null) return 'poll';
  const { state } = followedOf(lifecycle);
  return isTerminal(state) ? null : stepOf[state];
}
