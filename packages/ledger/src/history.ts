import type { JsonObject, ObservationType, VideoJobEvent, VideoJobState } from '@video-proxy/core';
import { longEvent, longNames, longState, shortEvent, shortNames, shortState } from './short-names.ts';

/** One line of a job's history. */
export interface RecordedEvent {
  /** A number that grows by one with each line of this job: the id of a server-sent event. */
  readonly id: string;
  readonly atMs: number;
  /** `created`, the type of a `VideoJobEvent`, or that of an observation. */
  readonly type: string;
  /** The state after it. */
  readonly state: VideoJobState;
  readonly details: JsonObject;
}

/** Something worth remembering that changed nothing: a poll that was refused, a step that was brought back. */
export interface Observation {
  readonly type: ObservationType;
  readonly atMs: number;
  readonly details?: JsonObject;
}

/** Lines a history keeps; the oldest go first. Far more than a job needs that ends within a day. */
export const linesMax = 200;

/** The provider's address must not leave the worker; the file and the worker are named by the document while that matters. */
const leftOut = new Set(['type', 'sourceUrl', 'video', 'worker']);

/**
 * A line is a JSON array. It is written without its first element, which the script puts in front.
 *
 * Lists are kept instead of streams because the first block of a stream takes 4 KB (measured on Redis 7.0): more than a
 * whole job.
 */
export function writeLine(atMs: number, type: string, state: VideoJobState, details: JsonObject): string {
  const [before, after] = lineAround(atMs, type, details);
  return `${before}"${shortState(state)}"${after}`;
}

/** The two parts of a line between which the state belongs, for a script that knows it. */
export function lineAround(atMs: number, type: string, details: JsonObject): [before: string, after: string] {
  const text = JSON.stringify(shortNames(details), (_name, value: unknown) => value ?? undefined);
  return [`${atMs},${JSON.stringify(shortEvent(type))},`, text === '{}' ? ']' : `,${text}]`];
}

type WrittenLine = [number: number, atMs: number, type: string, state: string, details?: JsonObject];

export function readLine(text: string): RecordedEvent {
  const [number, atMs, type, state, details = {}] = JSON.parse(text) as WrittenLine;
  return { id: String(number), atMs, type: longEvent(type), state: longState(state), details: longNames(details) };
}

/** What an event says beyond its type. */
export function detailsOf(event: VideoJobEvent, circumstances: JsonObject): JsonObject {
  const said = Object.entries(event).filter(([name]) => !leftOut.has(name));
  return { ...Object.fromEntries(said), ...circumstances };
}
