import { type Delivery, resent } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { Steps } from '@video-proxy/queue';
import { deliveryNames, writeLine } from '@video-proxy/telemetry';
import type { FastifyBaseLogger } from 'fastify';

export interface DeliveryParts {
  readonly ledger: Pick<Ledger, 'deliveries'>;
  readonly steps: Pick<Steps, 'hasten'>;
  readonly retentionMs: number;
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

/**
 * Tries a delivery again at once and, if need be, for another whole round, whatever became of it before and although its
 * receiver may be off. A step that does not come into being is brought back by the upkeep.
 *
 * @returns null when there is no such delivery
 */
export async function resendDelivery(parts: DeliveryParts, id: string): Promise<Delivery | null> {
  const nowMs = parts.now();
  const next = (delivery: Delivery) => ({ delivery: resent(delivery, nowMs) });
  const change = await parts.ledger.deliveries.change(id, next, { nowMs, lifetimeMs: parts.retentionMs });
  if (change.kind === 'unchanged') return null;
  writeLine(parts.log, 'webhook_resend_requested', deliveryNames(change.delivery));
  await parts.steps.hasten('notify', { deliveryId: id });
  return change.delivery;
}
