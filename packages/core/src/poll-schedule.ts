const shortestMs = 2_000;
const longestMs = 15_000;
/** A poll every 15 % of the time already waited: a short generation is found quickly, a long one is not hammered. */
const shareOfElapsed = 0.15;
/** Spreads the polls of jobs that started together. */
const jitterShare = 0.1;

/**
 * How long to wait until the next poll of a generation.
 *
 * @param elapsedMs time since the provider accepted the request
 * @param random a number in [0, 1), so that the schedule itself stays pure
 * @returns milliseconds, never below 2 s; at most 15 s (the provider's own samples poll every 10 to 15 s) plus jitter
 */
export function nextPollDelayMs(elapsedMs: number, random: number): number {
  const baseMs = Math.min(longestMs, Math.max(shortestMs, elapsedMs * shareOfElapsed));
  return Math.round(baseMs * (1 + jitterShare * random));
}

/** A provider that asks for more than this is not obeyed: a mistake in one header must not put a job to sleep. */
const retryAfterMaxMs = 600_000;

/** Pauses of growing length between tries after trouble: 2 s, 4 s, 8 s … capped. A longer `Retry-After` wins, up to ten minutes. */
export function backoffDelayMs(triesSoFar: number, retryAfterMs: number | null, longestMs = 60_000): number {
  const growingMs = Math.min(longestMs, shortestMs * 2 ** Math.min(triesSoFar, 10));
  return Math.max(growingMs, Math.min(retryAfterMaxMs, retryAfterMs ?? 0));
}
