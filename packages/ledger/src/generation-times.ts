import { type GenerationKind, type LearntTimes, learntTimesOf } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';

/** How long generations took, shared by all processes. */
export interface GenerationTimes {
  /** The times of the last generations of a kind, or null when these are too few. Up to ten seconds old. */
  learnt(kind: GenerationKind, nowMs: number): Promise<LearntTimes | null>;
  record(kind: GenerationKind, tookMs: number): Promise<void>;
}

/** Enough for the slowest tenth, few enough to follow a model that changes. */
const samplesMax = 50;
/** What a model took longer ago says little about today, and kinds nobody asks for any more take no room. */
const keptSeconds = 30 * 86_400;
/** Every poll and every status of a running job asks. */
const freshMs = 10_000;
const kindsRememberedMax = 1_000;

interface Remembered {
  readonly times: Promise<LearntTimes | null>;
  readonly atMs: number;
}

export function generationTimes({ redis, keys }: LedgerTools): GenerationTimes {
  const remembered = new Map<string, Remembered>();

  async function read(key: string): Promise<LearntTimes | null> {
    const samples = await redis.lrange(key, 0, -1);
    return learntTimesOf(samples.map(Number));
  }

  return {
    learnt(kind, nowMs) {
      const key = keys.times(kind);
      const known = remembered.get(key);
      if (known !== undefined && nowMs - known.atMs < freshMs) return known.times;
      if (remembered.size >= kindsRememberedMax) remembered.clear();
      const fresh = { times: read(key), atMs: nowMs };
      remembered.set(key, fresh);
      fresh.times.catch(() => {
        if (remembered.get(key) === fresh) remembered.delete(key);
      });
      return fresh.times;
    },

    async record(kind, tookMs) {
      const key = keys.times(kind);
      await redis
        .multi()
        .lpush(key, Math.round(tookMs))
        .ltrim(key, 0, samplesMax - 1)
        .expire(key, keptSeconds)
        .exec();
    },
  };
}
