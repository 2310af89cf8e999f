import type { InstallationFacts } from './facts.ts';
import type { Attention, Severity } from './item.ts';
import { accountTrouble, keysDiffer, modelsHeld, providerTrouble } from './provider.ts';
import { storageTrouble, storeTroubles } from './store.ts';
import { failureSpike, noWorker, pause, pollLag, unknownSubmissions, unrecorded } from './work.ts';

/** What an operator has to know, the most urgent first; nothing when all is well. */
export function attentionOf(facts: InstallationFacts): readonly Attention[] {
  const found = [
    ...storeTroubles(facts),
    accountTrouble(facts),
    noWorker(facts),
    storageTrouble(facts),
    providerTrouble(facts),
    modelsHeld(facts),
    keysDiffer(facts),
    pollLag(facts),
    failureSpike(facts),
    unknownSubmissions(facts),
    unrecorded(facts),
    pause(facts),
  ].filter((item) => item !== null);
  return found.toSorted((one, other) => ranks[one.severity] - ranks[other.severity]);
}

const ranks: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };
