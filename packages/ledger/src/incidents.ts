import type { JsonObject } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';

/** Something that operators are told once when it begins and once when it is over, whichever process notices. */
export interface Incident {
  readonly name: string;
  readonly sinceMs: number;
  /** What the message about it says. */
  readonly facts: JsonObject;
  /** `begun` until somebody has told of it, `told` while it lasts, `over` until somebody has told of that. */
  readonly state: 'begun' | 'told' | 'over';
  /** Messages about the present state that nobody took. */
  readonly tries: number;
  readonly triedAtMs: number | null;
}

/** Written by one process at a time, under a lease. */
export interface Incidents {
  list(): Promise<readonly Incident[]>;
  save(incident: Incident): Promise<void>;
  remove(name: string): Promise<void>;
}

export function incidentRecords({ redis, keys }: LedgerTools): Incidents {
  return {
    async list() {
      const texts = await redis.hvals(keys.incidents);
      return texts.map((text) => JSON.parse(text) as Incident);
    },
    async save(incident) {
      await redis.hset(keys.incidents, incident.name, JSON.stringify(incident));
    },
    async remove(name) {
      await redis.hdel(keys.incidents, name);
    },
  };
}
