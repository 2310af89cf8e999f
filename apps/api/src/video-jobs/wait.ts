import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, type VideoJob } from '@video-proxy/core';
import type { Asker } from '../asker.ts';
import type { VideoJobParts } from './parts.ts';
import { readVideoJob } from './read.ts';
import { watchChanges } from './watch-changes.ts';

export interface Waiting {
  readonly waitMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

const outagePauseMs = 250;

/** The job as soon as it has ended, or as it is when the time is up. */
export async function waitForEnd(
  parts: VideoJobParts,
  asker: Asker,
  id: string,
  { waitMs, signal }: Waiting,
): Promise<VideoJob | null> {
  const deadlineMs = parts.now() + waitMs;
  using changes = watchChanges(parts.ledger.changes, id);
  let job = await readVideoJob(parts, asker, id);
  for (;;) {
    const leftMs = deadlineMs - parts.now();
    if (job === null || isTerminal(job.lifecycle.state) || leftMs <= 0 || signal.aborted) return job;
    await changes.next(leftMs, signal);
    job = await readThroughOutage(parts, asker, id, { deadlineMs, signal });
  }
}

/** Whoever waits already is not sent away by an outage that is shorter than the wait. */
async function readThroughOutage(
  parts: VideoJobParts,
  asker: Asker,
  id: string,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<VideoJob | null> {
  for (;;) {
    try {
      return await readVideoJob(parts, asker, id);
    } catch (error) {
      const isWorthWaiting = parts.isUnavailable(error) && !signal.aborted;
      if (!isWorthWaiting || parts.now() + outagePauseMs >= deadlineMs) throw error;
      await pause(outagePauseMs);
    }
  }
}
