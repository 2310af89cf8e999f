import { applyTo } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { slicesOf } from './slices-of.ts';

/** Gives up jobs that a hold has kept waiting too long; they fail with its evidence. */
export async function expireHolds(parts: Pick<WorkerParts, 'ledger' | 'account' | 'limits' | 'now'>): Promise<void> {
  const holdOn = await parts.account.holds();
  if (holdOn === null) return;
  const waitingSinceMs = parts.now() - parts.limits.holdMaxMs;
  // A retried job was created long before it was queued again, so the time of creation only narrows the search.
  for await (const jobs of slicesOf(parts, 'queued', { createdBeforeMs: waitingSinceMs + 1 })) {
    for (const job of jobs) {
      if (job.lifecycle.state !== 'queued') continue;
      const { queuedAtMs } = job.lifecycle;
      const hold = holdOn({ model: job.model, queuedAtMs });
      const hasWaitedTooLong = hold !== null && Math.max(queuedAtMs, hold.sinceMs) <= waitingSinceMs;
      if (hasWaitedTooLong) await applyTo(parts, job, { type: 'hold_expired', hold });
    }
  }
}
