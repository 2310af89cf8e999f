import type { Facts } from './said.ts';

/** What the job store says about keeping what it was told; null where it does not say. */
export interface Persistence {
  readonly appendOnly: boolean | null;
  readonly maxmemoryPolicy: string | null;
}

/** Why accepted jobs are not safe in a store. Finding and remedy are for an operator; the finding goes on after "Redis". */
export interface StoreFlaw {
  readonly code: 'not_persistent' | 'evicting' | 'unknown';
  readonly finding: string;
  readonly remedy: string;
  /** What stands in the finding. */
  readonly facts?: Facts;
}

/** The one judgement of a store: at the start of the processes and in `doctor`. What is not known is a flaw of its own. */
export function flawsOf({ appendOnly, maxmemoryPolicy }: Persistence): readonly StoreFlaw[] {
  const flaws: StoreFlaw[] = [];
  if (appendOnly === false) {
    flaws.push({
      code: 'not_persistent',
      finding: 'is not persistent (appendonly no): a crash loses accepted jobs',
      remedy: 'redis-cli CONFIG SET appendonly yes, and put it into its configuration',
    });
  }
  if (maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction') {
    flaws.push({
      code: 'evicting',
      finding: `is evicting (maxmemory-policy ${maxmemoryPolicy}): it silently drops jobs when memory runs out`,
      remedy: 'redis-cli CONFIG SET maxmemory-policy noeviction, and put it into its configuration',
      facts: { maxmemory_policy: maxmemoryPolicy },
    });
  }
  if (appendOnly === null || maxmemoryPolicy === null) {
    flaws.push({
      code: 'unknown',
      finding: 'answers, but does not tell its persistence and eviction policy',
      remedy: 'make sure of appendonly yes and maxmemory-policy noeviction at its host',
    });
  }
  return flaws;
}
