import type { VideoJobState } from '@video-proxy/core';
import type { RedisConnection } from './scripts.ts';
import { longState, shortState } from './short-names.ts';
import { jobIdOf } from './video-job-id.ts';

export type Change =
  /** `state` is null when the job was deleted. */
  | { readonly kind: 'job'; readonly jobId: string; readonly state: VideoJobState | null; readonly version: number }
  | { readonly kind: 'credential' }
  /** A hold began, changed or ended, or a trial did. */
  | { readonly kind: 'holds' }
  /** Operators ask something of the workers, or a worker has answered. */
  | { readonly kind: 'questions' }
  /** Messages may have been missed (the connection is new): look at what you are waiting for yourself. */
  | { readonly kind: 'look_again' };

export type ChangeListener = (change: Change) => void;

/**
 * What changed, as it happens, for thousands of listeners over one connection. Subscribe first, then read: a change
 * in between is announced, and if the subscription was not active yet, `look_again` follows as soon as it is.
 * Messages can be lost like any pub/sub message, so they are a reason to read the ledger, never a record.
 */
export interface ChangeFeed {
  /** @returns the function that ends the subscription; calling it again does nothing */
  subscribe(jobId: string, listener: ChangeListener): () => void;
  /** Every change of every job, of the provider account and of the holds. */
  onAny(listener: ChangeListener): () => void;
}

export function jobMessage(ulid: string, version: number, state: VideoJobState | null): string {
  return `${ulid} ${version} ${state === null ? '-' : shortState(state)}`;
}

export const credentialMessage = 'credential';
export const holdsMessage = 'holds';
/** A version that does not know it takes it for a job that nobody follows. */
export const questionsMessage = 'questions';

const everyJob = '*';

export function openChangeFeed(open: () => RedisConnection, channel: string): ChangeFeed & { close(): void } {
  const listenersByJob = new Map<string, Set<ChangeListener>>();
  let connection: RedisConnection | null = null;

  const tell = (jobId: string, change: Change) => {
    // A copy: a listener may end its own subscription, or start another, while it is told.
    for (const listener of [...(listenersByJob.get(jobId) ?? [])]) listener(change);
  };

  const lookAgain = () => {
    for (const jobId of [...listenersByJob.keys()]) tell(jobId, { kind: 'look_again' });
  };

  const connect = (): RedisConnection => {
    const redis = open();
    redis.on('message', (_channel: string, message: string) => {
      const change = readMessage(message);
      if (change.kind === 'job') tell(change.jobId, change);
      tell(everyJob, change);
    });
    // The subscription is made anew with each connection, so that listeners are told only once it is active. A failure
    // means that the connection is gone again, which ends in another `ready`.
    const activate = () => void redis.subscribe(channel).then(lookAgain, () => undefined);
    // In a Cluster the subscription moves to another node when its node leaves.
    for (const event of ['ready', '+node', '-node']) redis.on(event, activate);
    if (redis.status === 'ready') activate();
    return redis;
  };

  const add = (jobId: string, listener: ChangeListener): (() => void) => {
    connection ??= connect();
    const listeners = listenersByJob.get(jobId) ?? new Set();
    // Wrapped, so that the same function may listen twice and each ending counts once.
    const entry: ChangeListener = (change) => listener(change);
    listenersByJob.set(jobId, listeners.add(entry));
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0 && listenersByJob.get(jobId) === listeners) listenersByJob.delete(jobId);
    };
  };

  return {
    subscribe: add,
    onAny: (listener) => add(everyJob, listener),
    close() {
      listenersByJob.clear();
      connection?.disconnect();
    },
  };
}

function readMessage(message: string): Change {
  if (message === credentialMessage || message === holdsMessage || message === questionsMessage) {
    return { kind: message };
  }
  const [ulid = '', version = '', letter = '-'] = message.split(' ');
  return {
    kind: 'job',
    jobId: jobIdOf(ulid),
    version: Number(version),
    state: letter === '-' ? null : longState(letter),
  };
}
