import type { JsonObject, VideoJobEvent, VideoJobState } from '@video-proxy/core';

/** One line of a job's history. */
export interface RecordedEvent {
  /** A number that grows by one with each line of this job: the id of a server-sent event. */
  readonly id: string;
  readonly atMs: number;
  /** `created`, the type of a `VideoJobEvent`, or that of an observation. */
  readonly type: string;
  /** The state after a change; null for an observation, which changes nothing. */
  readonly state: VideoJobState | null;
  readonly details: JsonObject;
}

/** Something worth remembering that changed nothing: a poll that was refused, a step that was brought back. */
export interface Observation {
  readonly type: string;
  readonly atMs: number;
  readonly details?: JsonObject;
}

/** Lines a history keeps; the oldest go first. Far more than a job needs that ends within a day. */
export const historyMax = 200;

/** The provider's address must not leave the worker, and the file is described by the document. */
const leftOut = new Set(['sourceUrl', 'video']);

/**
 * Written as a JSON array without its first element and bracket: the script puts `[<number>,` in front.
 * Lists are kept instead of streams because the first node of a stream takes 4 KB (measured on Redis 7.0), more than the
 * whole job.
 */
export function writeEntry(atMs: number, type: string, state: VideoJobState | null, details: JsonObject): string {
  const text = JSON.stringify(details, (name, value: unknown) =>
    value === null || leftOut.has(name) ? undefined : value,
  );
  const rest = text === '{}' ? '' : `,${text}`;
  return `${atMs},${JSON.stringify(type)},${state === null ? 0 : JSON.stringify(state)}${rest}]`;
}

type WrittenEntry = [number: number, atMs: number, type: string, state: VideoJobState | 0, details?: JsonObject];

export function readEntry(text: string): RecordedEvent {
  const [number, atMs, type, state, details = {}] = JSON.parse(text) as WrittenEntry;
  return { id: String(number), atMs, type, state: state === 0 ? null : state, details };
}

/** What an event says beyond its type. */
export function detailsOf(event: VideoJobEvent, circumstances: JsonObject): JsonObject {
  const { type: _, ...said } = event;
  // Evidence, failures and holds are plain data.
  return { ...(said as unknown as JsonObject), ...circumstances };
}
