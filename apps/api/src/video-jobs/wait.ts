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

/** The job as soon as it has ended, or as it is when the time is up. */
export async function waitForEnd(
  parts: VideoJobParts,
  asker: Asker,
  id: string,
  { waitMs, signal }: Waiting,
): Promise<VideoJob | null> {
  const deadlineMs = parts.now() + waitMs;
  using changes = watchChanges(parts.ledger.changes, id);
  for (;;) {
    const job = await readVideoJob(parts, asker, id);
    const leftMs = deadlineMs - parts.now();
    if (job === null || isTerminal(job.lifecycle.state) || leftMs <= 0 || signal.aborted) return job;
    await changes.next(leftMs, signal);
  }
}
