import type { Behaviour } from '../scenarios/behaviour.ts';
import { readScenario } from '../scenarios/words.ts';
import { type Account, createAccount } from './account.ts';
import { type Generation, phaseOf } from './generation.ts';
import { type Journal, openJournal } from './journal.ts';

/** A generation and what has happened to it since this sandbox started; the counters do not survive a restart. */
export interface Tracked {
  readonly generation: Generation;
  readonly behaviour: Behaviour;
  polls: number;
  /** Polls answered since the end. */
  pollsAfterEnd: number;
  downloads: number;
  /** Counts up when a dead link was used, so that the next poll gives a new one. */
  linkVersion: number;
}

export interface GenerationStore {
  readonly account: Account;
  /** Takes a generation in, holding its price; false when the account has too little. */
  accept(generation: Generation, behaviour: Behaviour, nowMs: number): boolean;
  byId(id: string): Tracked | undefined;
  byFileName(fileName: string): Tracked | undefined;
  /** All that are kept, oldest first. */
  all(): Iterable<Tracked>;
  /** Charges what has completed and gives back what has failed. */
  settle(nowMs: number): void;
  close(): void;
}

/** Older generations are forgotten beyond this; the real provider forgets too. */
const keptMax = 20_000;

export function createGenerationStore(options: {
  readonly startingBalanceUsd: number;
  readonly journalPath: string | undefined;
  readonly nowMs: number;
}): GenerationStore {
  const account = createAccount(options.startingBalanceUsd);
  const byId = new Map<string, Tracked>();
  const byFileName = new Map<string, Tracked>();
  const unsettled = new Set<Tracked>();
  const opened = options.journalPath ? openJournal(options.journalPath, keptMax, options.nowMs) : null;
  const journal: Journal | null = opened?.journal ?? null;

  for (const generation of opened?.generations ?? []) {
    const read = readScenario(generation.words);
    // A word that an older version knew: the generation is as good as forgotten.
    if (read.kind === 'unreadable') continue;
    const tracked = track(generation, read.behaviour);
    // Money starts afresh with each start; only what is still running holds some.
    const phase = phaseOf(generation, read.behaviour, options.nowMs);
    const running = phase === 'queued' || phase === 'generating';
    if (running && account.hold(generation.costCredits)) unsettled.add(tracked);
  }

  function track(generation: Generation, behaviour: Behaviour): Tracked {
    const tracked = { generation, behaviour, polls: 0, pollsAfterEnd: 0, downloads: 0, linkVersion: 1 };
    byId.set(generation.id, tracked);
    byFileName.set(generation.fileName, tracked);
    if (byId.size > keptMax) forgetOldest();
    return tracked;
  }

  function forgetOldest(): void {
    const [oldest] = byId.values();
    if (!oldest) return;
    byId.delete(oldest.generation.id);
    byFileName.delete(oldest.generation.fileName);
    if (unsettled.delete(oldest)) account.release(oldest.generation.costCredits);
  }

  function settle(nowMs: number): void {
    for (const tracked of unsettled) {
      const phase = phaseOf(tracked.generation, tracked.behaviour, nowMs);
      if (phase !== 'completed' && phase !== 'failed') continue;
      if (phase === 'completed') account.charge(tracked.generation.costCredits);
      else account.release(tracked.generation.costCredits);
      unsettled.delete(tracked);
    }
  }

  return {
    account,
    accept(generation, behaviour, nowMs) {
      if (!account.hold(generation.costCredits)) {
        // Only now is it worth looking for failed generations whose holds are free again.
        settle(nowMs);
        if (!account.hold(generation.costCredits)) return false;
      }
      journal?.append(generation);
      unsettled.add(track(generation, behaviour));
      return true;
    },
    byId: (id) => byId.get(id),
    byFileName: (fileName) => byFileName.get(fileName),
    all: () => byId.values(),
    settle,
    close: () => journal?.close(),
  };
}
