import type { DispatchState, OperatorQueues, PauseBody } from '@video-proxy/contracts';
import type { OpsHold } from '@video-proxy/core';
import type { Ledger, PauseChange } from '@video-proxy/ledger';
import type { Steps } from '@video-proxy/queue';
import type { Operator } from '../operator-gate.ts';
import { unixSeconds } from '../presentation/view.ts';
import { problem, Refusal } from '../problem.ts';
import type { Installation } from './installation.ts';
import { presentHolds, presentPause } from './present.ts';

export interface DispatchParts {
  readonly ledger: Pick<Ledger, 'holds' | 'turns'>;
  readonly steps: Pick<Steps, 'counts' | 'firstDueMs'>;
  readonly look: () => Promise<Installation>;
  readonly holdMaxMs: number;
  readonly now: () => number;
}

/** What is sent when, and whether anything is. */
export interface Dispatch {
  queues(): Promise<OperatorQueues>;
  state(): Promise<DispatchState>;
  /** Rejects with a Refusal when its end is not in the future. A pause that stands is replaced, and keeps its beginning. */
  pause(order: PauseBody, operator: Operator): Promise<PauseChange>;
  resume(): Promise<PauseChange>;
}

const ownersShown = 50;

export function openDispatch({ ledger, steps, look, holdMaxMs, now }: DispatchParts): Dispatch {
  const presentState = ({ facts }: Installation): DispatchState => ({
    paused: presentPause(facts),
    waiting_jobs: facts.waitingJobs,
    hold_max_seconds: holdMaxMs / 1_000,
  });

  return {
    async queues() {
      const [installation, counts, standing] = await Promise.all([
        look(),
        steps.counts(),
        ledger.turns.standing({ ownersMax: ownersShown }),
      ]);
      const { credential, holds, nowMs } = installation.facts;
      const names = Object.keys(counts) as (keyof typeof counts)[];
      return {
        ...presentState(installation),
        steps: await Promise.all(
          names.map(async (step) => ({ step, ...counts[step], ...dueOf(await steps.firstDueMs(step), nowMs) })),
        ),
        turns: {
          owners: standing.owners,
          next: standing.next.map(({ owner, waiting, underway, oldestSinceMs }) => ({
            owner,
            waiting,
            underway,
            oldest_since: oldestSinceMs === null ? null : unixSeconds(oldestSinceMs),
          })),
        },
        holds: presentHolds(credential, holds, nowMs),
      };
    },

    state: async () => presentState(await look()),

    async pause({ reason, until }, operator) {
      const nowMs = now();
      const untilMs = until == null ? null : until * 1_000;
      if (untilMs !== null && untilMs <= nowMs) {
        throw new Refusal(problem('invalid_request', 'The end of the pause is not in the future.', 'until'));
      }
      const by = operator.name ?? operator.key ?? 'this machine';
      const pause: OpsHold = { code: 'paused', message: reason, sinceMs: nowMs, untilMs, evidence: null, by };
      return ledger.holds.changePause((before) => ({ ...pause, sinceMs: standing(before, nowMs)?.sinceMs ?? nowMs }));
    },

    resume: () => ledger.holds.changePause(() => null),
  };
}

function standing(pause: OpsHold | null, nowMs: number): OpsHold | null {
  return pause === null || (pause.untilMs !== null && pause.untilMs <= nowMs) ? null : pause;
}

function dueOf(
  dueMs: number | null,
  nowMs: number,
): Pick<OperatorQueues['steps'][number], 'oldest_due_at' | 'lag_seconds'> {
  if (dueMs === null) return { oldest_due_at: null, lag_seconds: 0 };
  return { oldest_due_at: unixSeconds(dueMs), lag_seconds: Math.max(0, nowMs - dueMs) / 1_000 };
}
