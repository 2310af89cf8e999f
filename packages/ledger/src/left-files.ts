import type { LedgerTools } from './scripts.ts';

/** Files that belong to no job any more and could not be deleted yet. Whoever is told deletes them, or tells it again. */
export interface LeftFiles {
  add(storageKeys: readonly string[]): Promise<void>;
  /** Some of them, in no order. */
  some(countMax: number): Promise<string[]>;
  remove(storageKey: string): Promise<void>;
}

export function leftFiles({ redis, keys }: LedgerTools): LeftFiles {
  return {
    async add(storageKeys) {
      if (storageKeys.length > 0) await redis.sadd(keys.leftFiles, ...storageKeys);
    },
    some: (countMax) => redis.srandmember(keys.leftFiles, countMax),
    async remove(storageKey) {
      await redis.srem(keys.leftFiles, storageKey);
    },
  };
}
