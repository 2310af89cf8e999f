import { deliveryOf } from '@video-proxy/core';
import type { WorkerParts } from '../worker-parts.ts';

type AnnounceParts = Pick<WorkerParts, 'ledger' | 'steps' | 'now'> & {
  readonly limits: Pick<WorkerParts['limits'], 'retentionMs'>;
};

const atOnce = 100;
/** A delivery whose step is that late has lost it. */
const overdueMs = 60_000;

/** Turns ends of jobs into deliveries of webhooks, and gives deliveries the step that carries them out. */
export async function announceEnds(parts: AnnounceParts): Promise<void> {
  const { deliveries, jobs } = parts.ledger;
  for (;;) {
    const ends = await deliveries.unannounced(atOnce);
    for (const end of ends) {
      const job = await jobs.get(end.jobId);
      const delivery = job === null ? null : deliveryOf(job, parts.now());
      // It was deleted, or goes on again; then another end follows.
      if (delivery?.createdAtMs !== end.endedAtMs) await deliveries.dropUnannounced(end);
      else if ((await deliveries.announce(delivery, parts.limits.retentionMs)) === 'due') {
        await parts.steps.add('notify', { deliveryId: delivery.id });
      }
    }
    if (ends.length < atOnce) return;
  }
}

/** Deliveries whose step was lost get it back. */
export async function restoreDeliveries({
  ledger,
  steps,
  now,
}: Pick<AnnounceParts, 'ledger' | 'steps' | 'now'>): Promise<void> {
  const ids = await ledger.deliveries.overdue(now() - overdueMs, atOnce);
  await steps.addMany(
    'notify',
    ids.map((deliveryId) => ({ deliveryId })),
  );
}
