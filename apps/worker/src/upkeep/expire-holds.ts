import type { WorkerParts } from '../worker-parts.ts';
import { slicesOf } from './reconcile.ts';

/** Gives up jobs that have waited too long because the account is refused; they fail with the account's evidence. */
export async function expireHolds(parts: Pick<WorkerParts, 'ledger' | 'account' | 'limits' | 'now'>): Promise<void> {
  const hold = await parts.account.hold();
  const nowMs = parts.now();
  if (hold === null || nowMs - hold.sinceMs < parts.limits.holdMaxMs) return;
  for await (const jobs of slicesOf(parts, 'queued')) {
    for (const { id, lifecycle } of jobs) {
      const waiting = lifecycle.state === 'queued' && nowMs - lifecycle.queuedAtMs >= parts.limits.holdMaxMs;
      if (waiting) await parts.ledger.jobs.apply(id, { type: 'hold_expired', hold }, nowMs);
    }
  }
}
