import {
  afterBalance,
  afterDoubt,
  afterGoodAnswer,
  afterLostTrial,
  afterOrderedProbe,
  afterRefusal,
  type Failure,
  holdingModel,
  isDearer,
  isFresh,
  providerPauseMs,
  type SharedHold,
  trialPauseMs,
} from '@video-proxy/core';
import type { HoldScope, Holds } from '@video-proxy/ledger';
import { writeLine } from '@video-proxy/telemetry';
import type { Logger } from 'pino';

export interface SubmissionHoldsParts {
  readonly holds: Holds;
  readonly fingerprint: () => string | null;
  readonly probeIntervalMs: number;
  readonly log: Logger;
  readonly now: () => number;
}

/** A create request that was sent. */
export interface SentRequest {
  readonly model: string;
  readonly sentAtMs: number;
}

type Why = Pick<Failure, 'code' | 'message' | 'evidence'>;

/** What answers of the provider do to the holds that all workers obey. */
export interface SubmissionHolds {
  accountRefused(why: Why, sentAtMs: number): Promise<void>;
  /** No job failed for it, so no pause grows, and none is cut short. */
  pollRefused(why: Why): Promise<void>;
  /** The free question was refused as well: as long as that goes on, nothing is sent. */
  probeRefused(why: Why): Promise<void>;
  probeAnswered(): Promise<void>;
  /** The same when an operator has asked: the next trial does not wait for its pause. */
  orderedProbeAnswered(): Promise<void>;
  /** @returns the models, this one first, that were refused for want of credits within the last hour */
  modelRefused(why: Why, request: SentRequest): Promise<readonly string[]>;
  notTaken(why: Why, request: SentRequest, retryAfterMs: number | null): Promise<SharedHold>;
  /** The provider read a request, whatever it said: it is there, and not limiting. */
  answered(): Promise<void>;
  accepted(model: string): Promise<void>;
  answerLost(): Promise<void>;
  balanceSeen(balanceUsd: number | null): Promise<void>;
  /** Forgets all that was found out with the key before, and with an earlier life of the new one. */
  keyChanged(before: string | null): Promise<void>;
}

/** A refusal longer ago than this says nothing about whether another model's refusal is a second one. */
const recentMs = 3_600_000;

export function openSubmissionHolds({
  holds,
  fingerprint,
  probeIntervalMs,
  log,
  now,
}: SubmissionHoldsParts): SubmissionHolds {
  const accountScope = (key = fingerprint()): HoldScope => `account:${key ?? ''}`;
  const accountPauseMs = (tries: number) => trialPauseMs(tries, probeIntervalMs);

  async function change<After extends SharedHold | null>(
    scope: HoldScope,
    next: (before: SharedHold | null) => After,
  ): Promise<After> {
    const { before, after } = await holds.change(scope, next);
    report(log, scope, before, after);
    return after;
  }
  const lift = (scope: HoldScope) => change(scope, () => null);
  const refuse = (scope: HoldScope, why: Why, sentAtMs: number, pauseMs: (tries: number) => number) => {
    const refusal = { hold: reasonOf(why), sentAtMs, pauseMs };
    return change(scope, (before) => afterRefusal(before, refusal, now()));
  };

  return {
    async accountRefused(why, sentAtMs) {
      await refuse(accountScope(), why, sentAtMs, accountPauseMs);
    },

    async pollRefused(why) {
      await change(accountScope(), (before) => before ?? afterDoubt(null, reasonOf(why), now()));
    },

    async probeRefused(why) {
      await change(accountScope(), (before) => afterDoubt(before, reasonOf(why), now()));
    },

    async probeAnswered() {
      await change(accountScope(), (before) => afterGoodAnswer(before, now()));
    },

    async orderedProbeAnswered() {
      await change(accountScope(), (before) => afterOrderedProbe(before, now()));
    },

    async modelRefused(why, { model, sentAtMs }) {
      const standing = await holds.read();
      // A dearer model than a held one was to be expected: it is another try of the same hold.
      const held = holdingModel(model, standing) ?? model;
      await refuse(`model:${held}`, why, sentAtMs, accountPauseMs);
      const isRecent = ({ refusedAtMs }: SharedHold) => now() - refusedAtMs < recentMs;
      const others = [...standing.models].filter(([other, hold]) => other !== held && isRecent(hold));
      return [model, ...others.map(([other]) => other)];
    },

    notTaken: (why, { sentAtMs }, retryAfterMs) => refuse('provider', why, sentAtMs, providerPauseMs(retryAfterMs)),

    async answered() {
      if ((await holds.read()).provider !== null) await lift('provider');
    },

    async accepted(model) {
      const standing = await holds.read();
      const acceptance = { fingerprint: fingerprint(), atMs: now() };
      if (!isFresh(standing.lastAccepted, acceptance.fingerprint, now())) await holds.noteAccepted(acceptance);
      if (standing.provider !== null) await lift('provider');
      if (standing.accounts.has(fingerprint() ?? '')) await lift(accountScope());
      for (const held of standing.models.keys()) {
        if (held === model || isDearer(model, held, standing)) await lift(`model:${held}`);
      }
    },

    async answerLost() {
      await change('provider', (before) => afterLostTrial(before, providerPauseMs(null), now()));
      await change(accountScope(), (before) => afterLostTrial(before, accountPauseMs, now()));
    },

    async balanceSeen(balanceUsd) {
      const { models } = await holds.read();
      const scopes: HoldScope[] = [accountScope(), ...[...models.keys()].map((model): HoldScope => `model:${model}`)];
      for (const scope of scopes) await change(scope, (before) => afterBalance(before, balanceUsd, now()));
    },

    async keyChanged(before) {
      const { models } = await holds.read();
      const keys = before === null ? [fingerprint()] : [before, fingerprint()];
      const accounts = keys.map((key) => accountScope(key));
      for (const scope of new Set<HoldScope>([...accounts, 'provider'])) await lift(scope);
      for (const model of models.keys()) await lift(`model:${model}`);
    },
  };
}

/** What of a failure belongs into a hold. */
function reasonOf({ code, message, evidence }: Why): Why {
  return { code, message, evidence };
}

function report(log: Logger, scope: HoldScope, before: SharedHold | null, after: SharedHold | null): void {
  if (after === null) {
    if (before !== null) writeLine(log, 'hold_ended', { scope, code: before.code, sinceMs: before.sinceMs });
    return;
  }
  const { code, untilMs, tries, evidence } = after;
  const details = { scope, code, untilMs, tries, providerRequestId: evidence?.requestId, provider: evidence };
  if (before === null) writeLine(log, 'hold_began', details);
  else if (after.tries > before.tries) writeLine(log, 'trial_refused', details);
}
