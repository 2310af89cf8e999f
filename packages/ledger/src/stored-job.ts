import type { JsonObject, Lifecycle, VideoJob } from '@video-proxy/core';
import { longNames, longState, shortNames, shortState } from './short-names.ts';
import { jobIdOf } from './video-job-id.ts';

/** A video job as the ledger keeps it. */
export interface StoredJob {
  readonly job: VideoJob;
  /** Counts the changes, from 1; a write names the version it is based on. */
  readonly version: number;
  /** The key of the idempotency record that leads here, so that deleting the job can delete it. */
  readonly idempotencyHash: string | null;
  /** Names in the provider-id index that the state does not have: those of good answers, and of earlier attempts. */
  readonly keptNames: readonly string[];
}

/**
 * The written form: a JSON array, with short names inside the lifecycle. The position of a field never changes; new ones are
 * appended, and readers ignore what they do not know, so that two versions of this program can run side by side. A change
 * that breaks this needs a new format number and a reader for both.
 *
 * Scripts read the beginning only, up to the state.
 */
type WrittenJob = [
  format: 1,
  version: number,
  /** A random word by which a writer recognises its own write when the answer got lost and the command was repeated. */
  writer: string,
  state: string,
  owner: string,
  provider: VideoJob['provider'],
  model: string,
  prompt: string | null,
  parameters: JsonObject,
  metadata: JsonObject,
  watchSecret: string,
  requestId: string,
  createdAtMs: number,
  attempt: number,
  /** Without its state. */
  lifecycle: JsonObject,
  idempotencyHash: string | 0,
  keptNames: readonly string[] | 0,
  /** Absent in most. */
  webhookUrl?: string,
];

export function writeJob({ job, version, idempotencyHash, keptNames }: StoredJob, writer: string): string {
  const { state, ...lifecycle } = job.lifecycle;
  const { webhookUrl } = job;
  const written: WrittenJob = [
    1,
    version,
    writer,
    shortState(state),
    job.owner,
    job.provider,
    job.model,
    job.prompt,
    job.parameters,
    job.metadata,
    job.watchSecret,
    job.requestId,
    job.createdAtMs,
    job.attempt,
    shortNames(lifecycle),
    idempotencyHash ?? 0,
    keptNames.length === 0 ? 0 : keptNames,
  ];
  if (webhookUrl !== undefined) written.push(webhookUrl);
  return JSON.stringify(written);
}

/** Trusts what it reads: nothing else writes these documents. */
export function readJob(ulid: string, text: string): StoredJob {
  const written = JSON.parse(text) as WrittenJob;
  const format: number = written[0];
  if (format !== 1)
    throw new Error(`${jobIdOf(ulid)} was written by a newer version of this program (format ${format})`);
  return {
    job: {
      id: jobIdOf(ulid),
      owner: written[4],
      provider: written[5],
      model: written[6],
      prompt: written[7],
      parameters: written[8],
      metadata: written[9],
      watchSecret: written[10],
      requestId: written[11],
      ...(written[17] === undefined ? {} : { webhookUrl: written[17] }),
      createdAtMs: written[12],
      attempt: written[13],
      lifecycle: { state: longState(written[3]), ...longNames(written[14]) } as Lifecycle,
    },
    version: written[1],
    idempotencyHash: written[15] === 0 ? null : written[15],
    keptNames: written[16] === 0 ? [] : written[16],
  };
}

/** Tells writers of the same version apart, nothing more. */
export function newWriter(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
