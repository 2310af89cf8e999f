import type { PriceRange } from '@video-proxy/core';
import type { Holds } from '@video-proxy/ledger';

/** Remembers what the provider tells as prices, with a write only where one is news. */
export function openPriceNotes({ notePrice }: Pick<Holds, 'notePrice'>): (model: string, usd: number) => Promise<void> {
  const known = new Map<string, PriceRange>();
  return async (model, usd) => {
    const range = known.get(model);
    if (range !== undefined && range.lowUsd <= usd && usd <= range.highUsd) return;
    known.set(model, await notePrice(model, usd));
  };
}
