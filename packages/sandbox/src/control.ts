import { z } from 'zod';
import { phaseOf } from './generations/generation.ts';
import { type CallKind, type CreateCounts, callKinds, type RecordedRequest } from './recorder.ts';
import { readScenario } from './scenarios/words.ts';
import type { SandboxContext } from './server/context.ts';

/** What can be set while the sandbox runs; fields that are left out stay as they are. */
export const stateChangeSchema = z.strictObject({
  apiKey: z.string().min(1).optional(),
  keyAccepted: z.boolean().optional(),
  verified: z.boolean().optional(),
  balanceUsd: z.number().min(0).max(1_000_000_000).optional(),
  scenario: z.string().optional(),
});

export type StateChange = z.output<typeof stateChangeSchema>;

export const scriptSchema = z.strictObject({
  on: z.enum(callKinds),
  words: z.string().min(1),
  times: z.number().int().min(1).max(1_000_000).default(1),
});

export interface GenerationView {
  readonly id: string;
  readonly model: string;
  readonly clientRequestId: string | null;
  readonly phase: 'queued' | 'generating' | 'completed' | 'failed';
  readonly createdAtMs: number;
  readonly polls: number;
  readonly downloads: number;
}

export interface StateView {
  readonly keyAccepted: boolean;
  readonly verified: boolean;
  readonly scenario: string;
  readonly balanceUsd: number;
  readonly heldUsd: number;
}

/** The hand of whoever runs the sandbox, usually a test; the same over HTTP under `/__sandbox`. */
export interface Control {
  /** The newest requests, oldest first; at most 5,000. */
  requests(): readonly RecordedRequest[];
  creates(): CreateCounts;
  generations(): readonly GenerationView[];
  state(): StateView;
  /** Throws for unreadable scenario words. */
  setState(change: StateChange): void;
  setKeyAccepted(accepted: boolean): void;
  setBalanceUsd(usd: number): void;
  /** The next `times` calls of this kind behave by these words. Throws for unreadable ones. */
  script(on: CallKind, words: string, times?: number): void;
  /** The first request that fits, past or future. Rejects after `timeoutMs` (default 5 s). */
  waitForRequest(predicate: (request: RecordedRequest) => boolean, timeoutMs?: number): Promise<RecordedRequest>;
  /** Forgets requests, counts, scripts and the scenario for all; generations stay. */
  reset(): void;
}

export function createControl(context: SandboxContext): Control {
  const { state, store, recorder } = context;

  function setState(change: StateChange): void {
    if (change.scenario !== undefined) {
      assertReadable(change.scenario);
      state.scenario = change.scenario;
    }
    if (change.apiKey !== undefined) state.apiKey = change.apiKey;
    if (change.keyAccepted !== undefined) state.keyAccepted = change.keyAccepted;
    if (change.verified !== undefined) state.verified = change.verified;
    if (change.balanceUsd !== undefined) store.account.setBalanceUsd(change.balanceUsd);
  }

  return {
    requests: recorder.requests,
    creates: recorder.creates,
    generations() {
      const nowMs = Date.now();
      return Array.from(store.all(), ({ generation, behaviour, polls, downloads }) => ({
        id: generation.id,
        model: generation.model,
        clientRequestId: generation.clientRequestId,
        phase: phaseOf(generation, behaviour, nowMs),
        createdAtMs: generation.createdAtMs,
        polls,
        downloads,
      }));
    },
    state() {
      store.settle(Date.now());
      const { keyAccepted, verified, scenario } = state;
      const { balanceUsd, heldUsd } = store.account;
      return { keyAccepted, verified, scenario, balanceUsd, heldUsd };
    },
    setState,
    setKeyAccepted: (keyAccepted) => setState({ keyAccepted }),
    setBalanceUsd: (balanceUsd) => setState({ balanceUsd }),
    script(on, words, times = 1) {
      assertReadable(words);
      state.scripts.add(on, words, times);
    },
    waitForRequest: (predicate, timeoutMs = 5_000) => recorder.waitFor(predicate, timeoutMs),
    reset() {
      recorder.clear();
      state.scripts.clear();
      state.scenario = '';
    },
  };
}

function assertReadable(words: string): void {
  const read = readScenario(words);
  if (read.kind === 'unreadable') throw new Error(read.finding);
}
