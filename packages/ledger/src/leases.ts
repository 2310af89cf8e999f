import type { LedgerTools } from './scripts.ts';

/** Lets one process at a time do what would only be repeated if all did it. */
export interface Leases {
  /**
   * Takes or renews a lease. Two holders at once are possible for a moment (a process that was stopped for longer than
   * its lease), so what is done under it has to be harmless when done twice.
   */
  acquire(name: string, holder: string, durationMs: number): Promise<boolean>;
  /** Lets the next one in at once instead of after the lease has run out. */
  release(name: string, holder: string): Promise<void>;
}

export function leases({ redis, keys }: LedgerTools): Leases {
  const isHeldBy = async (key: string, holder: string) => (await redis.get(key)) === holder;
  return {
    async acquire(name, holder, durationMs) {
      const key = keys.lease(name);
      if ((await redis.set(key, holder, 'PX', durationMs, 'NX')) === 'OK') return true;
      if (!(await isHeldBy(key, holder))) return false;
      await redis.pexpire(key, durationMs);
      return true;
    },
    async release(name, holder) {
      const key = keys.lease(name);
      if (await isHeldBy(key, holder)) await redis.del(key);
    },
  };
}
