import type { SharedHold } from './holds.ts';
import { backoffDelayMs } from './poll-schedule.ts';
import type { Hold } from './video-job.ts';

const pauseMaxMs = 600_000;

/** The pause after so many refusals in a row: doubled with each, ten minutes at most. */
export function trialPauseMs(tries: number, firstMs: number): number {
  return Math.max(firstMs, Math.min(pauseMaxMs, firstMs * 2 ** Math.min(Math.max(tries - 1, 0), 20)));
}

export interface Refusal {
  readonly hold: Pick<Hold, 'code' | 'message' | 'evidence'>;
  /** When the refused request left. */
  readonly sentAtMs: number;
  readonly pauseMs: (tries: number) => number;
}

/** The hold after a create request was refused. What was on its way when the hold began is no further try. */
export function afterRefusal(before: SharedHold | null, refusal: Refusal, nowMs: number): SharedHold {
  const wasOnItsWay = before !== null && refusal.sentAtMs < before.refusedAtMs;
  const tries = wasOnItsWay ? Math.max(before.tries, 1) : (before?.tries ?? 0) + 1;
  const untilMs = nowMs + refusal.pauseMs(tries);
  if (wasOnItsWay) return { ...before, tries, untilMs: Math.max(before.untilMs, untilMs) };
  return {
    ...refusal.hold,
    sinceMs: before?.sinceMs ?? nowMs,
    untilMs,
    tries,
    refusedAtMs: nowMs,
    balanceUsd: before?.balanceUsd ?? null,
  };
}

/** The shared pause after the provider did not take a request. */
export function providerPauseMs(retryAfterMs: number | null): (tries: number) => number {
  return (tries) => backoffDelayMs(tries - 1, retryAfterMs);
}

/** A hold that no job has met: found by a poll or a probe. Only the credential record keeps jobs waiting, so there is no pause. */
export function withoutTry(hold: Refusal['hold'], nowMs: number): SharedHold {
  return { ...hold, sinceMs: nowMs, untilMs: nowMs, tries: 0, refusedAtMs: nowMs, balanceUsd: null };
}

/** After a trial that proved nothing (its answer was lost), the next one waits as long as the last time. */
export function afterLostTrial(before: SharedHold | null, pauseMs: Refusal['pauseMs'], nowMs: number) {
  return before === null ? null : { ...before, untilMs: Math.max(before.untilMs, nowMs + pauseMs(before.tries)) };
}

/**
 * What a balance says about a hold. A higher one than before is news: the next trial need not wait for the pause, and the
 * pauses begin anew.
 */
export function afterBalance(before: SharedHold | null, balanceUsd: number | null, nowMs: number): SharedHold | null {
  if (before === null || balanceUsd === null || balanceUsd === before.balanceUsd) return before;
  const hasRisen = before.balanceUsd !== null && balanceUsd > before.balanceUsd;
  return hasRisen ? { ...before, balanceUsd, tries: 0, untilMs: nowMs } : { ...before, balanceUsd };
}

/**
 * Another key works and ours is refused, even by the free question: as long as that goes on there is nothing to try, and the
 * credential record, which is about the other key, does not keep us waiting.
 */
export function afterRefusedProbe(before: SharedHold | null, hold: Refusal['hold'], nowMs: number): SharedHold {
  return { ...(before ?? withoutTry(hold, nowMs)), untilMs: nowMs + pauseMaxMs };
}

/** The probe was refused meanwhile, so a good answer to the next one is news: the trial need not wait for the pause. */
export function dueNow(before: SharedHold | null, nowMs: number): SharedHold | null {
  return before === null || before.untilMs <= nowMs ? before : { ...before, untilMs: nowMs };
}
