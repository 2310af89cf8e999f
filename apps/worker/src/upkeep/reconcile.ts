import type { StepName } from '@video-proxy/contracts';
import {
  followedOf,
  isTerminal,
  type Underway,
  type VideoJob,
  type VideoJobState,
  videoJobStates,
} from '@video-proxy/core';
import type { VideoJobSlice } from '@video-proxy/ledger';
import type { WorkerParts } from '../worker-parts.ts';

/** Small, because a job may carry images of some megabytes. */
const sliceSize = 50;

/** The step that moves a job on from each state; a terminal state needs none. */
const stepOf = {
  queued: 'submit',
  // Not `submit`: that queue stands still while the account is refused, and the answer has to be looked for all the same.
  submitting: 'poll',
  submission_unknown: 'poll',
  generating: 'poll',
  storing: 'store',
} as const satisfies Record<'queued' | Underway['state'], StepName>;

const unfinishedStates = videoJobStates.filter((state) => !isTerminal(state));

/**
 * Gives every unfinished job the step that moves it on. A step that is already there makes the new one a no-op, so this
 * repairs whatever was lost (a crash between two writes, a queue emptied by hand) without having to find out what it was.
 */
export async function reconcile(parts: Pick<WorkerParts, 'ledger' | 'steps'>): Promise<void> {
  for (const state of unfinishedStates) {
    for await (const jobs of slicesOf(parts, state)) {
      const byStep = Map.groupBy(jobs, nextStepOf);
      for (const [step, group] of byStep) {
        const payloads = group.map((job) => ({ jobId: job.id, attempt: job.attempt }));
        if (step !== null) await parts.steps.addMany(step, payloads);
      }
    }
  }
}

function nextStepOf({ lifecycle }: VideoJob): StepName | null {
  const { state } = followedOf(lifecycle);
  return isTerminal(state) ? null : stepOf[state];
}

/** All jobs in a state, oldest first, in slices small enough not to hold Redis up. */
export async function* slicesOf(
  { ledger }: Pick<WorkerParts, 'ledger'>,
  state: VideoJobState,
  filter: { readonly createdBeforeMs?: number } = {},
): AsyncGenerator<readonly VideoJob[]> {
  let cursor: string | null = null;
  do {
    const slice: VideoJobSlice = await ledger.jobs.inState(state, { ...filter, limit: sliceSize, cursor });
    yield slice.jobs;
    cursor = slice.cursor;
  } while (cursor !== null);
}
