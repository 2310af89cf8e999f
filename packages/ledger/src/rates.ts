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
   * Spans of the same length, oldest first, the last of which begins at `lastFromMs` and has no end. One command that reads
   * no job: ids are ordered by time, so an index can tell how many of its entries lie between two moments.
   */
  bySpan(options: { lastFromMs: number; spanMs: number; spans: number }): Promise<readonly JobsOfSpan[]>;
}

export function jobRates({ scripts, keys }: LedgerTools): Rates {
  return {
    async bySpan({ lastFromMs, spanMs, spans }) {
      const starts = Array.from({ length: spans }, (_, index) => lastFromMs - (spans - 1 - index) * spanMs);
      const counted = await scripts.countSpans(videoJobStates.map(keys.state), starts.map(firstUlidAt));
      return starts.map((fromMs, index) => ({
        fromMs,
        counts: Object.fromEntries(
          videoJobStates.map((state, offset) => [state, counted[index * videoJobStates.length + offset] ?? 0]),
        ) as Record<VideoJobState, number>,
      }));
    },
  };
}
