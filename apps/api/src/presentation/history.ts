import type { InspectedJob } from '@video-proxy/contracts';
import type { Found, JsonObject, JsonValue } from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import { presentSaid } from './evidence.ts';
import { unixSeconds } from './view.ts';

/** The history of a job as operators read it: every line, with all its details in the spelling of the wire. */
export function presentHistory(events: readonly RecordedEvent[]): InspectedJob['events'] {
  return events.map(({ id, type, atMs, state, details }) => ({
    id,
    type,
    created_at: unixSeconds(atMs),
    phase: state,
    details: spelled(details),
    ...foundIn(details),
  }));
}

/** What a worker found out by itself stands in the details of its note. */
function foundIn(details: JsonObject): Pick<InspectedJob['events'][number], 'finding' | 'said'> {
  // The ledger has written these details from what the worker noted; an earlier version noted the words alone.
  const { finding = null, said } = details as unknown as Partial<Found>;
  return { finding, said: presentSaid(finding === null ? null : said) };
}

function spelled(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [snakeCase(name), spelledValue(value)]));
}

function spelledValue(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? spelled(value) : value;
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
