import { applyTo } from '../record-answer.ts';
import type { WorkerParts } from '../worker-parts.ts';
import { slicesOf } from './slices-of.ts';

/** Gives up jobs that have waited too long because the account is refused; they fail with the account's evidence. */
export async function expireHolds(parts: Pick<WorkerParts, 'ledger' | 'account' | 'limits' | 'now'>): Promise<void> {
  const hold = await parts.account.hold();
  const nowMs = parts.now();
  const waitingSinceMs = nowMs - parts.limits.holdMaxMs;
  if (hold === null || hold.sinceMs > waitingSinceMs) return;
  // A retried job was created long before it was queued again, so the time of creation only narrows the search.
  for await (const jobs of slicesOf(parts, 'queued', { createdBeforeMs: waitingSinceMs + 1 })) {
    for (const job of jobs) {
      const { lifecycle } = job;
      const hasWaitedTooLong = lifecycle.state === 'queued' && lifecycle.queuedAtMs <= waitingSinceMs;
      if (hasWaitedTooLong) await applyTo(parts, job, { type: 'hold_expired', hold });
    }
  }
}
