import { hash } from 'node:crypto';
import { type JsonObject, transition, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import { jobMessage } from './changes.ts';
import {
  detailsOf,
  lineAround,
  linesMax,
  type Observation,
  type RecordedEvent,
  readLine,
  writeLine,
} from './history.ts';
import type { LedgerKeys } from './keys.ts';
import { formerIdsAfter, movesBetween, type Place, placesOf, requiredUlidOf } from './placement.ts';
import type { LedgerScripts, RedisConnection } from './scripts.ts';
import { readJob, type StoredJob, writeJob } from './stored-job.ts';
import { jobIdOf, ulidOf } from './video-job-id.ts';

/** A caller's promise that requests with the same key are the same request. */
export interface Idempotency {
  /** Scoped to the owner of the job; only a hash of both is kept. */
  readonly key: string;
  /** Anything that differs when the body differs. */
  readonly fingerprint: string;
}

export type Creation =
  | { readonly kind: 'created'; readonly job: VideoJob }
  /** The same request came before: this is the job it made, as it is now. */
  | { readonly kind: 'replayed'; readonly job: VideoJob }
  /** The key was used for another body. */
  | { readonly kind: 'conflict'; readonly jobId: string };

export type Application =
  | { readonly kind: 'changed'; readonly job: VideoJob; readonly previous: VideoJob }
  /** The event means nothing in the state the job is in: somebody else was first, or it came late. */
  | { readonly kind: 'unchanged'; readonly job: VideoJob }
  | { readonly kind: 'missing' };

/** Writing, reading and removing one job. */
export interface VideoJobWriting {
  /** One round trip. An idempotency key is remembered for 24 hours, or until its job is deleted. */
  create(job: VideoJob, idempotency: Idempotency | null): Promise<Creation>;
  /** One round trip. */
  get(id: string): Promise<VideoJob | null>;
  /**
   * Lets an event happen to a job by the rules of core. Document, history line, indexes and the message to listeners are
   * written in one step or not at all; whoever loses a race applies the event to what the winner left.
   *
   * @param circumstances who and why, for the history
   */
  apply(id: string, event: VideoJobEvent, nowMs: number, circumstances?: JsonObject): Promise<Application>;
  /** Adds a line to the history. @returns false when there is no such job */
  note(id: string, observation: Observation): Promise<boolean>;
  /** The history after the line `after`, oldest first. */
  events(id: string, options: { after?: string; limit: number }): Promise<RecordedEvent[]>;
  /** Removes the record, its history and every index entry. @returns the job as it was, null when there is none */
  delete(id: string): Promise<VideoJob | null>;
}

const idempotencyLifetimeSeconds = 24 * 60 * 60;

/** Each lost race means that another writer won one, and a job has far fewer changes than this in it. */
const racesMax = 100;

interface Tools {
  readonly redis: RedisConnection;
  readonly scripts: LedgerScripts;
  readonly keys: LedgerKeys;
}

export function videoJobWriting({ redis, scripts, keys }: Tools): VideoJobWriting {
  const read = async (ulid: string): Promise<StoredJob | null> => {
    const text = await redis.lindex(keys.job(ulid), 0);
    return text === null ? null : readJob(ulid, text);
  };

  const change = async (ulid: string, before: StoredJob, after: StoredJob, line: string) => {
    const moves = movesBetween(placesOf(keys, before), placesOf(keys, after));
    const writer = newWriter();
    const reply = await scripts.change(
      [keys.job(ulid), ...keysOf([...moves.out, ...moves.in])],
      [
        ulid,
        before.version,
        writer,
        writeJob(after, writer),
        line,
        linesMax,
        keys.changes,
        jobMessage(ulid, after.version, after.job.lifecycle.state),
        ...removals(moves.out),
        ...additions(moves.in),
      ],
    );
    return outcome(ulid, reply);
  };

  const remove = async (ulid: string, stored: StoredJob) => {
    const places = placesOf(keys, stored);
    const key = keys.job(ulid);
    const idempotency = stored.idempotencyHash === null ? key : keys.idempotency(stored.idempotencyHash);
    const reply = await scripts.remove(
      [key, idempotency, ...keysOf(places)],
      [ulid, stored.version, keys.changes, jobMessage(ulid, stored.version, null), ...removals(places)],
    );
    return outcome(ulid, reply);
  };

  return {
    async create(job, idempotency) {
      const ulid = requiredUlidOf(job.id);
      const idempotencyHash = idempotency === null ? null : keyHashOf(job.owner, idempotency.key);
      const stored: StoredJob = { job, version: 1, idempotencyHash, formerIds: [] };
      const places = placesOf(keys, stored);
      const key = keys.job(ulid);
      const reply = await scripts.create(
        [key, idempotencyHash === null ? key : keys.idempotency(idempotencyHash), ...keysOf(places)],
        [
          ulid,
          writeJob(stored, newWriter()),
          writeLine(job.createdAtMs, 'created', job.lifecycle.state, {}),
          keys.changes,
          jobMessage(ulid, 1, job.lifecycle.state),
          idempotency === null ? '' : bodyHashOf(idempotency.fingerprint),
          idempotencyLifetimeSeconds,
          ...additions(places),
        ],
      );
      switch (reply[0]) {
        case 'created':
          return { kind: 'created', job };
        case 'replayed':
          return { kind: 'replayed', job: readJob(reply[1], reply[2]).job };
        case 'conflict':
          return { kind: 'conflict', jobId: jobIdOf(reply[1]) };
      }
    },

    async get(id) {
      const ulid = ulidOf(id);
      return ulid === null ? null : ((await read(ulid))?.job ?? null);
    },

    async apply(id, event, nowMs, circumstances = {}) {
      const ulid = ulidOf(id);
      let before = ulid === null ? null : await read(ulid);
      for (let races = 0; races < racesMax; races += 1) {
        if (ulid === null || before === null) return { kind: 'missing' };
        const job = transition(before.job, event, nowMs);
        if (job === before.job) return { kind: 'unchanged', job };
        const after = {
          ...before,
          job,
          version: before.version + 1,
          formerIds: formerIdsAfter(before, job.lifecycle),
        };
        const line = writeLine(nowMs, event.type, job.lifecycle.state, detailsOf(event, circumstances));
        const result = await change(ulid, before, after, line);
        if (result === 'written') return { kind: 'changed', job, previous: before.job };
        before = result;
      }
      throw new Error(`${racesMax} writers in a row were faster than ${event.type} on ${id}`);
    },

    async note(id, { type, atMs, details = {} }) {
      const ulid = ulidOf(id);
      if (ulid === null) return false;
      const [before, after] = lineAround(atMs, type, details);
      const reply = await scripts.note([keys.job(ulid)], [ulid, before, after, linesMax, keys.changes]);
      return reply === 1;
    },

    async events(id, { after = '0', limit }) {
      const ulid = ulidOf(id);
      if (ulid === null) return [];
      const lines = (await redis.lrange(keys.job(ulid), 1, -1)).map(readLine);
      return lines.filter((line) => Number(line.id) > Number(after)).slice(0, limit);
    },

    async delete(id) {
      const ulid = ulidOf(id);
      let stored = ulid === null ? null : await read(ulid);
      for (let races = 0; races < racesMax; races += 1) {
        if (ulid === null || stored === null) return null;
        const result = await remove(ulid, stored);
        if (result === 'written') return stored.job;
        stored = result;
      }
      throw new Error(`${racesMax} writers in a row were faster than deleting ${id}`);
    },
  };
}

/** What a conditional write came to; a loser gets what the winner wrote, without another round trip. */
function outcome(ulid: string, reply: 1 | string | null): 'written' | StoredJob | null {
  if (reply === 1) return 'written';
  return reply === null ? null : readJob(ulid, reply);
}

function keysOf(places: readonly Place[]): string[] {
  return places.map((place) => place.key);
}

function additions(places: readonly Place[]): string[] {
  return places.flatMap((place) => [place.kind === 'sorted' ? 'add' : 'name', place.detail]);
}

function removals(places: readonly Place[]): string[] {
  return places.flatMap((place) => [place.kind === 'sorted' ? 'drop' : 'forget', place.detail]);
}

/** 128 bits: keys of different callers must never meet. In clear, a key could be a name or a token of the caller's. */
function keyHashOf(owner: string, key: string): string {
  return hash('sha256', JSON.stringify([owner, key]), 'base64url').slice(0, 22);
}

/** 72 bits: enough to tell two bodies of one caller apart, and short enough for Redis' compact form of a string. */
function bodyHashOf(fingerprint: string): string {
  return hash('sha256', fingerprint, 'base64url').slice(0, 12);
}

/** Tells writers of the same version apart, nothing more. */
function newWriter(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
