import type { JsonObject, Lifecycle, VideoJob } from '@video-proxy/core';
import { jobIdOf } from './video-job-id.ts';

/** A video job as the ledger keeps it. */
export interface StoredJob {
  readonly job: VideoJob;
  /** Counts the changes, from 1; a write names the version it is based on. */
  readonly version: number;
  /** The key of the idempotency record that leads here, so that deleting the job can delete it. */
  readonly idempotencyHash: string | null;
  /** Names in the provider-id index that belong to earlier attempts of this job. */
  readonly formerIds: readonly string[];
}

/**
 * The written form: a JSON array, because the names of fields would take a tenth of the memory of a job. The position of a
 * field never changes; new ones are appended, and readers ignore what they do not know, so that two versions of this
 * program can run side by side. A change that breaks this needs a new format number and a reader for both.
 *
 * Scripts read only the beginning, `[format,version,"writer",`.
 */
type WrittenJob = [
  format: 1,
  version: number,
  /** A random word by which a writer recognises its own write when the answer got lost and the command was repeated. */
  writer: string,
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
  lifecycle: Lifecycle,
  idempotencyHash: string | 0,
  formerIds: readonly string[] | 0,
];

export function writeJob({ job, version, idempotencyHash, formerIds }: StoredJob, writer: string): string {
  const written: WrittenJob = [
    1,
    version,
    writer,
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
    job.lifecycle,
    idempotencyHash ?? 0,
    formerIds.length === 0 ? 0 : formerIds,
  ];
  return JSON.stringify(written);
}

/** Trusts what it reads: only this file writes it. */
export function readJob(ulid: string, text: string): StoredJob {
  const written = JSON.parse(text) as WrittenJob;
  if (written[0] !== 1)
    throw new Error(`the record of ${jobIdOf(ulid)} was written by a newer version (format ${written[0]})`);
  const [, version, , owner, provider, model, prompt, parameters, metadata, watchSecret, requestId] = written;
  const [, , , , , , , , , , , createdAtMs, attempt, lifecycle, idempotencyHash, formerIds] = written;
  return {
    job: {
      id: jobIdOf(ulid),
      owner,
      provider,
      model,
      prompt,
      parameters,
      metadata,
      watchSecret,
      requestId,
      createdAtMs,
      attempt,
      lifecycle,
    },
    version,
    idempotencyHash: idempotencyHash === 0 ? null : idempotencyHash,
    formerIds: formerIds === 0 ? [] : formerIds,
  };
}
