import {
  type Acceptance,
  noHolds,
  type OpsHold,
  type PriceRange,
  type SharedHold,
  type StandingHolds,
  type Trial,
} from '@video-proxy/core';
import { holdsMessage } from './change-feed.ts';
import type { LedgerTools } from './scripts.ts';

/** What a hold is about: everything sent to the provider, everything sent with one key (its fingerprint), one model. */
export type HoldScope = 'provider' | `account:${string}` | `model:${string}`;

/** Why nothing, or not everything, is submitted: one record for all processes. Listeners of the change feed hear of each change. */
export interface Holds {
  read(): Promise<StandingHolds>;
  /**
   * Replaces the hold of one scope by what `change` makes of it; null is no hold. `change` may be called again when another
   * process was faster, and writes nothing when it returns what it was given.
   */
  change<After extends SharedHold | null>(
    scope: HoldScope,
    change: (before: SharedHold | null) => After,
  ): Promise<HoldChange<After>>;
  /** The same of the pause that operators ordered. */
  changePause(change: (before: OpsHold | null) => OpsHold | null): Promise<PauseChange>;
  /** Takes the trial for one process, unless another has it; a holder that died loses it at `untilMs`. */
  takeTrial(trial: Trial, nowMs: number): Promise<boolean>;
  /** Ends the trial of this holder, so that the next may begin. */
  endTrial(holder: string): Promise<void>;
  /** Remembers that the provider takes requests. */
  noteAccepted(accepted: Acceptance): Promise<void>;
  /** Remembers what the provider has told as the price of a job of this model. */
  notePrice(model: string, usd: number): Promise<PriceRange>;
  /** What the provider has told as prices, by model. */
  prices(): Promise<ReadonlyMap<string, PriceRange>>;
}

export interface HoldChange<After extends SharedHold | null> {
  readonly before: SharedHold | null;
  readonly after: After;
}

export interface PauseChange {
  readonly before: OpsHold | null;
  readonly after: OpsHold | null;
}

const racesMax = 50;
const accountPrefix = 'account:';
const modelPrefix = 'model:';

export function holdRecords(tools: LedgerTools): Holds {
  const { redis, keys } = tools;

  /** @returns false when another process was faster */
  const replace = async (field: string, before: string | null, after: object | null): Promise<boolean> => {
    const text = after === null ? '' : JSON.stringify(after);
    return (await tools.scripts.hold([keys.holds], [field, before ?? '', text, keys.changes, holdsMessage])) === 1;
  };

  async function change<Record extends object, After extends Record | null>(
    field: HoldScope | 'ops',
    next: (before: Record | null) => After,
  ): Promise<{ before: Record | null; after: After }> {
    for (let races = 0; races < racesMax; races += 1) {
      const text = await redis.hget(keys.holds, field);
      const before = text === null ? null : (JSON.parse(text) as Record);
      const after = next(before);
      if (after === before || (await replace(field, text, after))) return { before, after };
    }
    throw new Error(`${racesMax} writers in a row were faster with the hold ${field}`);
  }

  const trial = async () => {
    const text = await redis.hget(keys.holds, 'trial');
    return { text, standing: text === null ? null : (JSON.parse(text) as Trial) };
  };

  return {
    async read() {
      const holds = standingOf(await redis.hgetall(keys.holds));
      // Prices only tell which models are dearer than a held one.
      return holds.models.size === 0 ? holds : { ...holds, prices: pricesOf(await redis.hgetall(keys.prices)) };
    },

    change: (scope, next) => change(scope, next),

    changePause: (next) => change('ops', next),

    async takeTrial(wanted, nowMs) {
      const { text, standing } = await trial();
      if (standing !== null && standing.untilMs > nowMs) return false;
      if (await replace('trial', text, wanted)) return true;
      // The connection repeats a command whose answer got lost: then the faster one was this process itself.
      return (await trial()).standing?.holder === wanted.holder;
    },

    async endTrial(holder) {
      const { text, standing } = await trial();
      if (standing?.holder === holder) await replace('trial', text, null);
    },

    async noteAccepted(accepted) {
      // Announced to nobody: it matters to those only who are about to send.
      await redis.hset(keys.holds, 'accepted', JSON.stringify(accepted));
    },

    prices: async () => pricesOf(await redis.hgetall(keys.prices)),

    async notePrice(model, usd) {
      const text = await redis.hget(keys.prices, model);
      const known = text === null ? null : priceOf(text);
      const range = { lowUsd: Math.min(known?.lowUsd ?? usd, usd), highUsd: Math.max(known?.highUsd ?? usd, usd) };
      // Two writers at once may lose one of two prices; the next job tells it again.
      await redis.hset(keys.prices, model, `${range.lowUsd} ${range.highUsd}`);
      return range;
    },
  };
}

function standingOf(fields: Readonly<Record<string, string>>): StandingHolds {
  const read = <T>(field: string): T | null => {
    const text = fields[field];
    return text === undefined ? null : (JSON.parse(text) as T);
  };
  const under = (prefix: string) =>
    new Map(
      Object.entries(fields)
        .filter(([field]) => field.startsWith(prefix))
        .map(([field, text]) => [field.slice(prefix.length), JSON.parse(text) as SharedHold]),
    );
  return {
    ...noHolds,
    ops: read<OpsHold>('ops'),
    provider: read<SharedHold>('provider'),
    accounts: under(accountPrefix),
    models: under(modelPrefix),
    trial: read<Trial>('trial'),
    lastAccepted: read<Acceptance>('accepted'),
  };
}

function pricesOf(fields: Readonly<Record<string, string>>): ReadonlyMap<string, PriceRange> {
  return new Map(Object.entries(fields).map(([model, text]) => [model, priceOf(text)]));
}

function priceOf(text: string): PriceRange {
  const [lowUsd = Number.NaN, highUsd = Number.NaN] = text.split(' ').map(Number);
  return { lowUsd, highUsd };
}
