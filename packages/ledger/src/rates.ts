import { type VideoJobState, videoJobStates } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';
import { firstUlidAt } from './video-job-id.ts';

/** The jobs that were created within a span of time, by the state they are in now. */
export interface JobsOfSpan {
  readonly fromMs: number;
  readonly counts: Readonly<Record<VideoJobState, number>>;
}

export interface Rates {
  /**
   * Spans of the same length, oldest first, the last of which begins at `lastFromMs` and has no end. One round trip that reads
   * no job: ids are ordered by time, so an index can tell how many of its entries lie between two moments.
   */
  bySpan(options: { lastFromMs: number; spanMs: number; spans: number }): Promise<readonly JobsOfSpan[]>;
}

export function jobRates({ redis, keys }: LedgerTools): Rates {
  return {
    async bySpan({ lastFromMs, spanMs, spans }) {
      const starts = Array.from({ length: spans }, (_, index) => lastFromMs - (spans - 1 - index) * spanMs);
      const pipeline = redis.pipeline();
      for (const [index, fromMs] of starts.entries()) {
        const end = index === spans - 1 ? '+' : `(${firstUlidAt(fromMs + spanMs)}`;
        for (const state of videoJobStates) pipeline.zlexcount(keys.state(state), `[${firstUlidAt(fromMs)}`, end);
      }
      const replies = (await pipeline.exec()) ?? [];
      const countAt = (position: number): number => {
        const [error, count] = replies[position] ?? [null, 0];
        if (error !== null) throw error;
        return Number(count);
      };
      return starts.map((fromMs, index) => ({
        fromMs,
        counts: Object.fromEntries(
          videoJobStates.map((state, offset) => [state, countAt(index * videoJobStates.length + offset)]),
        ) as Record<VideoJobState, number>,
      }));
    },
  };
}
