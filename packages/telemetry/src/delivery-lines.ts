import type { Delivery } from '@video-proxy/core';
import type { DeliveryObserver } from './delivery-observer.ts';
import { type EventLog, writeLine } from './event-lines.ts';

/** One line of the log for everything that becomes of a webhook. Never its address, which may hold a secret. */
export function deliveryLines(log: EventLog): DeliveryObserver {
  return ({ outcome, delivery, receiverTurnedOff }) => {
    const names = deliveryNames(delivery);
    const finding = delivery.tries.at(-1)?.finding ?? null;
    const told = outcome === 'delivered' ? names : { ...names, finding, triesLeft: delivery.triesLeft };
    writeLine(log, `webhook_${outcome}`, told);
    if (receiverTurnedOff) writeLine(log, 'receiver_off', told);
  };
}

/** Those that an earlier version announced do not say which request their job came from. */
export function deliveryNames({ id, jobId, requestId, generationId }: Delivery) {
  const known = generationId === undefined ? {} : { generationId };
  return { deliveryId: id, jobId, requestId: requestId ?? null, ...known };
}
