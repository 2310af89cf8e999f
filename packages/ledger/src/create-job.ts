import { hash } from 'node:crypto';
import type { VideoJob } from '@video-proxy/core';
import { jobMessage } from './change-feed.ts';
import { writeLine } from './history.ts';
import { additionsOf, keysOf, placesOf } from './placement.ts';
import type { LedgerTools } from './scripts.ts';
import { newWriter, readJob, type StoredJob, writeJob } from './stored-job.ts';
import { jobIdOf, ownUlidOf } from './video-job-id.ts';

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

const idempotencyLifetimeSeconds = 24 * 60 * 60;

export async function createJob(
  { scripts, keys }: LedgerTools,
  job: VideoJob,
  idempotency: Idempotency | null,
): Promise<Creation> {
  const ulid = ownUlidOf(job.id);
  const idempotencyHash = idempotency === null ? null : keyHashOf(job.owner, idempotency.key);
  const stored: StoredJob = { job, version: 1, idempotencyHash, keptNames: [] };
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
      ...additionsOf(places),
    ],
  );
  if (reply === 1) return { kind: 'created', job };
  switch (reply[0]) {
    case 'replayed':
      return { kind: 'replayed', job: readJob(reply[1], reply[2]).job };
    case 'conflict':
      return { kind: 'conflict', jobId: jobIdOf(reply[1]) };
  }
}

/** What `createJob` would answer for a request that was sent before, without creating anything; null when it was not. */
export async function findCreated(
  { redis, keys }: LedgerTools,
  owner: string,
  { key, fingerprint }: Idempotency,
): Promise<Exclude<Creation, { kind: 'created' }> | null> {
  const [ulid, bodyHash] = (await redis.get(keys.idempotency(keyHashOf(owner, key))))?.split(':') ?? [];
  if (ulid === undefined) return null;
  const text = await redis.lindex(keys.job(ulid), 0);
  if (text === null) return null;
  if (bodyHash !== bodyHashOf(fingerprint)) return { kind: 'conflict', jobId: jobIdOf(ulid) };
  return { kind: 'replayed', job: readJob(ulid, text).job };
}

/** 128 bits: keys of different callers must never meet. In clear, a key could be a name or a token of the caller's. */
function keyHashOf(owner: string, key: string): string {
  return hash('sha256', JSON.stringify([owner, key]), 'base64url').slice(0, 22);
}

/** 72 bits: enough to tell two bodies of one caller apart, and short enough for Redis' compact form of a string. */
function bodyHashOf(fingerprint: string): string {
  return hash('sha256', fingerprint, 'base64url').slice(0, 12);
}
