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
   * Spans of the same length, oldest first, the last of which begins at `lastFromMs` and has no end. A few commands that read
   * no job: ids are ordered by time, so an index can tell how many of its entries lie between two moments.
   */
  bySpan(options: { lastFromMs: number; spanMs: number; spans: number }): Promise<readonly JobsOfSpan[]>;
}

/** A day of all states at once would keep Redis for ten milliseconds. */
const statesPerRun = 3;
const statesInRuns = Array.from({ length: Math.ceil(videoJobStates.length / statesPerRun) }, (_, run) =>
  videoJobStates.slice(run * statesPerRun, (run + 1) * statesPerRun),
);

export function jobRates({ scripts, keys }: LedgerTools): Rates {
  return {
    async bySpan({ lastFromMs, spanMs, spans }) {
      const starts = Array.from({ length: spans }, (_, index) => lastFromMs - (spans - 1 - index) * spanMs);
      const bounds = starts.map(firstUlidAt);
      const counted = await Promise.all(
        statesInRuns.map(async (states) => ({
          states,
          counts: await scripts.countSpans(states.map(keys.state), bounds),
        })),
      );
      const countsOf = (span: number) =>
        counted.flatMap(({ states, counts }) =>
          states.map((state, offset) => [state, counts[span * states.length + offset] ?? 0] as const),
        );
      return starts.map((fromMs, span) => ({
        fromMs,
        counts: Object.fromEntries(countsOf(span)) as Record<VideoJobState, number>,
      }));
    },
  };
}
