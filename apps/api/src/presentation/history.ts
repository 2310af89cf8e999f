import type { InspectedJob } from '@video-proxy/contracts';
import type { JsonObject, JsonValue } from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import { unixSeconds } from './view.ts';

/** The history of a job as operators read it: every line, with all its details in the spelling of the wire. */
export function presentHistory(events: readonly RecordedEvent[]): InspectedJob['events'] {
  return events.map(({ id, type, atMs, state, details }) => ({
    id,
    type,
    created_at: unixSeconds(atMs),
    phase: state,
    details: spelled(details),
  }));
}

function spelled(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [snakeCase(name), spelledValue(value)]));
}

function spelledValue(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? spelled(value) : value;
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
