import type { Incident } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';

/** What operators have been told, or will be. Written by one process at a time, under a lease. */
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
