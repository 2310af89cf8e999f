import type { LearntTimes } from './learnt-times.ts';

export const shortestPollPauseMs = 2_000;
/** The provider's own samples poll every 10 to 15 s. */
const longestMs = 15_000;
const longestOverdueMs = 60_000;
/** No pause is longer than this share of the time already waited: a wide interval between two polls would teach nothing. */
const shareOfElapsed = 0.15;
/** Spreads the polls of jobs that started together. */
const jitterShare = 0.1;

/**
 * How long to wait until the next poll of a generation.
 *
 * Without learnt times a poll comes every 15 % of the time already waited: a short generation is found quickly, a long one
 * is not hammered. With them hardly any poll comes before the first generations of the kind are finished; then the pauses
 * follow the chance of finding it finished; and when it is overdue they grow.
 *
 * @param elapsedMs time since the generation was submitted
 * @param random a number in [0, 1), so that the schedule itself stays pure
 * @returns milliseconds: never below 2 s; from the first regular poll to the expected end (p90) at most 15 s, after it at
 * most 60 s, and up to a tenth more as jitter
 */
export function nextPollDelayMs(elapsedMs: number, learnt: LearntTimes | null, random: number): number {
  const jitter = jitterShare * random;
  if (learnt === null) return Math.round(growingPauseMs(elapsedMs) * (1 + jitter));
  const quietMs = quietUntilMs(elapsedMs, learnt) - elapsedMs;
  if (quietMs > 0)
    return Math.round(Math.max(shortestPollPauseMs, quietMs) + pauseMsAt(elapsedMs + quietMs, learnt) * jitter);
  return Math.round(pauseMsAt(elapsedMs, learnt) * (1 + jitter));
}

function growingPauseMs(elapsedMs: number): number {
  return between(shortestPollPauseMs, elapsedMs * shareOfElapsed, longestMs);
}

/** Below p10: that a model became faster is seen from those that are found finished at the first poll. */
const firstPollShare = 0.95;
const firstPollMarginMs = 1_000;
/** A generation that fails does so early as a rule; nobody should have to wait ten minutes to hear of it. */
const firstLookMs = 30_000;
const looksApart = 3;
/** A look costs a poll, so only a wait that is this many times longer has one. */
const waitPerLook = 4;

/** The next moment worth a poll while nothing can be finished yet; in the past when that time is over. */
function quietUntilMs(elapsedMs: number, { p10Ms }: LearntTimes): number {
  const firstPollMs = Math.min(p10Ms * firstPollShare, p10Ms - firstPollMarginMs);
  for (let lookMs = firstLookMs; lookMs * waitPerLook <= firstPollMs; lookMs *= looksApart) {
    if (elapsedMs < lookMs) return lookMs;
  }
  return firstPollMs;
}

function pauseMsAt(elapsedMs: number, learnt: LearntTimes): number {
  const untilEndMs = Math.min(elapsedMs, learnt.p90Ms);
  const pauseMs = between(shortestPollPauseMs, worthwhilePauseMs(untilEndMs, learnt), growingPauseMs(untilEndMs));
  const overdueMs = elapsedMs - untilEndMs;
  return Math.max(pauseMs, Math.min(longestOverdueMs, overdueMs * shareOfElapsed));
}

/** What the pauses are measured against: asking every 15 s, as the provider's own samples do, costs this many polls. */
const comparedIntervalMs = longestMs;
/** Shorter pauses at the beginning would find the file sooner than anybody notices: the mean delay is a third of this. */
const firstPauseMs = 6_000;

/**
 * The pauses that find a generation soonest for the polls they cost. A poll is paid for by every generation that is still
 * running and earns most where many of them end, so the best pause grows with the root of the first and shrinks with the
 * root of the second. Of a row of such pauses that begins with `widest`, one generation meets two thirds of `spread / widest`.
 */
function worthwhilePauseMs(elapsedMs: number, { p10Ms, p50Ms, p90Ms }: LearntTimes): number {
  const spreadMs = (p90Ms - p10Ms) / 0.8;
  // One poll is needed in any case, the first.
  const pollsToSpend = Math.max(0.5, p50Ms / comparedIntervalMs - 1);
  const widestMs = Math.max(Math.min(firstPauseMs, spreadMs), ((2 / 3) * spreadMs) / pollsToSpend);
  const [fromMs, toMs, runningAtFrom] = elapsedMs < p50Ms ? [p10Ms, p50Ms, 0.9] : [p50Ms, p90Ms, 0.5];
  // Of a part in which the times lie close together every pause is short; without any length it is over at once.
  const partMs = Math.max(1, toMs - fromMs);
  const running = between(0.1, runningAtFrom - (0.4 * (elapsedMs - fromMs)) / partMs, 1);
  const endingPerMs = 0.4 / partMs;
  return widestMs * Math.sqrt(running / (endingPerMs * Math.max(1, spreadMs)));
}

function between(leastMs: number, ms: number, mostMs: number): number {
  return Math.max(leastMs, Math.min(mostMs, ms));
}

/** A provider that asks for more than this is not obeyed: a mistake in one header must not put a job to sleep. */
const retryAfterMaxMs = 600_000;

/** Pauses of growing length between tries after trouble: 2 s, 4 s, 8 s … capped. A longer `Retry-After` wins, up to ten minutes. */
export function backoffDelayMs(triesSoFar: number, retryAfterMs: number | null, longestMs = 60_000): number {
  const growingMs = Math.min(longestMs, shortestPollPauseMs * 2 ** Math.min(triesSoFar, 10));
  return Math.max(growingMs, Math.min(retryAfterMaxMs, retryAfterMs ?? 0));
}
