import { type Delivery, deliveryTriesMax } from '@video-proxy/core';
import type { Deliveries } from '@video-proxy/ledger';

/** `not_taken`: a try in vain, after which another one comes; `off`: not tried, because the receiver takes nothing any more. */
export const deliveryOutcomes = ['delivered', 'not_taken', 'failed', 'off'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** What this process has written about the delivery of a webhook. */
export interface DeliveryNews {
  readonly outcome: DeliveryOutcome;
  readonly delivery: Delivery;
  readonly receiverTurnedOff: boolean;
}

/** Is told after it was written. Must not throw. */
export type DeliveryObserver = (news: DeliveryNews) => void;

/** The log of deliveries, with everything that is settled through it told to somebody. */
export function observedDeliveries<Records extends Pick<Deliveries, 'announce' | 'change'>>(
  records: Records,
  observers: readonly DeliveryObserver[],
): Records {
  const tell = (news: DeliveryNews) => {
    for (const observer of observers) observer(news);
  };
  const announce: Records['announce'] = async (delivery, lifetimeMs) => {
    const announcement = await records.announce(delivery, lifetimeMs);
    if (announcement === 'off') tell({ outcome: 'off', delivery, receiverTurnedOff: false });
    return announcement;
  };
  const change: Records['change'] = async (id, next, when) => {
    const changed = await records.change(id, next, when);
    if (changed.kind === 'unchanged') return changed;
    const { delivery, receiverTurnedOff } = changed;
    const outcome = outcomeOf(delivery);
    if (outcome !== null) tell({ outcome, delivery, receiverTurnedOff });
    return changed;
  };
  return { ...records, announce, change };
}

/** Null for a round of tries that has just been asked for. */
function outcomeOf({ state, triesLeft }: Delivery): DeliveryOutcome | null {
  if (state !== 'pending') return state;
  return triesLeft === deliveryTriesMax ? null : 'not_taken';
}
