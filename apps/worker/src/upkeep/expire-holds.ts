import type { VideoJob } from '@video-proxy/core';
import type { VideoJobSlice } from '@video-proxy/ledger';
import { applyTo } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';

type ExpiryParts = Pick<WorkerParts, 'ledger' | 'limits' | 'now'> & {
  readonly account: Pick<WorkerParts['account'], 'holds'>;
};

/** Small, because a job may carry images of some megabytes. */
const sliceSize = 50;
/** Slices in vain: jobs that a hold does not concern, or not for long enough, stay and would be read again by each run. */
const idleSlicesMax = 10;

/**
 * Gives up jobs that a hold has kept waiting too long; they fail with its evidence. A run looks at some hundred others, and
 * the next one goes on where it ended.
 */
export function openHoldExpiry(parts: ExpiryParts): () => Promise<void> {
  let cursor: string | null = null;

  return async () => {
    const holdOn = await parts.account.holds();
    if (holdOn === null) return;
    const waitingSinceMs = parts.now() - parts.limits.holdMaxMs;
    for (let idleSlices = 0; idleSlices < idleSlicesMax; ) {
      // A retried job was created long before it was queued again, so the time of creation only narrows the search.
      const search = { createdBeforeMs: waitingSinceMs + 1, limit: sliceSize, cursor };
      const slice: VideoJobSlice = await parts.ledger.jobs.inState('queued', search);
      let expired = 0;
      for (const job of slice.jobs) if (await expire(parts, job, holdOn, waitingSinceMs)) expired += 1;
      if (expired === 0) idleSlices += 1;
      cursor = slice.cursor;
      if (cursor === null) return;
    }
  };
}

type HoldOn = NonNullable<Awaited<ReturnType<WorkerParts['account']['holds']>>>;

async function expire(parts: ExpiryParts, job: VideoJob, holdOn: HoldOn, waitingSinceMs: number): Promise<boolean> {
  if (job.lifecycle.state !== 'queued') return false;
  const { queuedAtMs } = job.lifecycle;
  const hold = holdOn({ model: job.model, queuedAtMs });
  const hasWaitedTooLong = hold !== null && Math.max(queuedAtMs, hold.sinceMs) <= waitingSinceMs;
  if (hasWaitedTooLong) await applyTo(parts, job, { type: 'hold_expired', hold });
  return hasWaitedTooLong;
}
