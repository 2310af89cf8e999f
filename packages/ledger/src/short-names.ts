import { type JsonObject, type VideoJobState, videoJobStates } from '@video-proxy/core';

/*
 * Names of fields, states and events would take a fifth of the memory of a job, so they are stored as letters. A letter is
 * never given to another name; a name without one is written as it is.
 */

const letterOf = new Map(
  Object.entries({
    attempt: 'a',
    billed: 'b',
    contentType: 'c',
    durationSeconds: 'd',
    endedAtMs: 'e',
    failure: 'f',
    generationId: 'g',
    height: 'h',
    evidence: 'i',
    storageKey: 'k',
    following: 'l',
    message: 'm',
    sinceMs: 'n',
    code: 'o',
    cancelRequestedAtMs: 'p',
    queuedAtMs: 'q',
    deferral: 'r',
    submittedAtMs: 's',
    generatedAtMs: 't',
    usage: 'u',
    video: 'v',
    width: 'w',
    sourceUrl: 'x',
    untilMs: 'y',
    sizeBytes: 'z',
    heldUsd: 'H',
    sha256: 'S',
    posterKey: 'P',
    providerRequestId: 'R',
  }),
);
const nameOf = inverse(letterOf);

const stateLetters: Record<VideoJobState, string> = {
  queued: 'q',
  submitting: 's',
  submission_unknown: 'u',
  generating: 'g',
  storing: 't',
  cancelling: 'l',
  completed: 'c',
  failed: 'f',
  cancelled: 'x',
};
const stateOf = new Map(videoJobStates.map((state) => [stateLetters[state], state]));

const eventLetters = new Map(
  Object.entries({
    created: 'c',
    submit_started: 's',
    submit_accepted: 'a',
    generation_succeeded: 'g',
    artifact_stored: 'v',
  }),
);
const eventOf = inverse(eventLetters);

export function shortState(state: VideoJobState): string {
  return stateLetters[state];
}

export function longState(letter: string): VideoJobState {
  const state = stateOf.get(letter);
  if (state === undefined) throw new Error(`the state "${letter}" is from a newer version`);
  return state;
}

/** Only the events that every job has are worth a letter. */
export function shortEvent(type: string): string {
  return eventLetters.get(type) ?? type;
}

export function longEvent(letter: string): string {
  return eventOf.get(letter) ?? letter;
}

/** Takes plain data, such as a lifecycle; its keys come from the program, never from a user. */
export function shortNames(value: object): JsonObject {
  return renamed(value as JsonObject, letterOf);
}

export function longNames(value: JsonObject): JsonObject {
  return renamed(value, nameOf);
}

function renamed(value: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const result: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    result[names.get(key) ?? key] = isObject ? renamed(inner, names) : inner;
  }
  return result;
}

function inverse(map: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...map].map(([name, letter]) => [letter, name]));
}
