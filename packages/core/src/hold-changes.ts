import type { SharedHold } from './holds.ts';
import { backoffDelayMs } from './poll-schedule.ts';

const pauseMaxMs = 600_000;

/** The pause after so many refusals in a row: doubled with each, ten minutes at most. */
export function trialPauseMs(tries: number, firstMs: number): number {
  return Math.max(firstMs, Math.min(pauseMaxMs, firstMs * 2 ** Math.min(Math.max(tries - 1, 0), 20)));
}

export interface Refusal {
  readonly hold: Pick<SharedHold, 'code' | 'message' | 'evidence'>;
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
    doubted: false,
  };
}

/** The shared pause after the provider did not take a request. */
export function providerPauseMs(retryAfterMs: number | null): (tries: number) => number {
  return (tries) => backoffDelayMs(tries - 1, retryAfterMs);
}

/**
 * A poll or a probe was refused, which costs no job: as long as that goes on there is nothing to try. The pause is there for a
 * key that is not the one the credential record is about, since that record does not keep it waiting.
 */
export function afterDoubt(before: SharedHold | null, hold: Refusal['hold'], nowMs: number): SharedHold {
  const begun = before ?? { ...hold, sinceMs: nowMs, tries: 0, refusedAtMs: nowMs, balanceUsd: null };
  return { ...begun, untilMs: nowMs + pauseMaxMs, doubted: true };
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

/** An operator has asked, and the answer was good: one request may try it now, whatever the pause. */
export function afterOrderedProbe(before: SharedHold | null, nowMs: number): SharedHold | null {
  return before === null ? null : { ...before, doubted: false, untilMs: Math.min(before.untilMs, nowMs) };
}

/** The question was answered well: where it had been refused, the trial need not wait for the pause. */
export function afterGoodAnswer(before: SharedHold | null, nowMs: number): SharedHold | null {
  return before?.doubted ? { ...before, doubted: false, untilMs: Math.min(before.untilMs, nowMs) } : before;
}
