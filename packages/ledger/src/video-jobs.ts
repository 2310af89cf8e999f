import type { VideoJob, VideoJobEvent } from '@video-proxy/core';
import { type Application, type ApplyOptions, applyEvent, deleteJob, readStored } from './change-job.ts';
import { type Creation, createJob, findCreated, type Idempotency } from './create-job.ts';
import { lineAround, linesMax, type Observation, type RecordedEvent, readLine } from './history.ts';
import type { LedgerTools } from './scripts.ts';
import { ulidOf } from './video-job-id.ts';

/** Writing, reading and removing one job. An id that cannot be one of ours is one of a job that does not exist. */
export interface VideoJobWriting {
  /** One round trip. An idempotency key is remembered for 24 hours, or until its job is deleted. */
  create(job: VideoJob, idempotency: Idempotency | null): Promise<Creation>;
  /** What `create` would answer for a request that came before, without creating anything; null when it did not. */
  findCreated(owner: string, idempotency: Idempotency): Promise<Exclude<Creation, { kind: 'created' }> | null>;
  /** One round trip. */
  get(id: string): Promise<VideoJob | null>;
  /**
   * Lets an event happen to a job by the rules of core. Document, history line, indexes and the message to listeners are
   * written in one step or not at all; whoever loses a race applies the event to what the winner left.
   */
  apply(id: string, event: VideoJobEvent, nowMs: number, options?: ApplyOptions): Promise<Application>;
  /** Adds a line to the history. @returns false when there is no such job */
  note(id: string, observation: Observation): Promise<boolean>;
  /** The history after the line `after`, oldest first. */
  events(id: string, options: { after?: string; limit: number }): Promise<RecordedEvent[]>;
  /**
   * Removes an ended job: record, history, every index entry.
   *
   * @param when asked again whenever another writer was faster, as in `ApplyOptions`
   * @returns the job as it was, null when there is none that has ended and is meant
   */
  delete(id: string, when?: (job: VideoJob) => boolean): Promise<VideoJob | null>;
}

export function videoJobWriting(tools: LedgerTools): VideoJobWriting {
  const { redis, scripts, keys } = tools;
  return {
    create: (job, idempotency) => createJob(tools, job, idempotency),
    findCreated: (owner, idempotency) => findCreated(tools, owner, idempotency),

    async get(id) {
      const ulid = ulidOf(id);
      return ulid === null ? null : ((await readStored(tools, ulid))?.job ?? null);
    },

    async apply(id, event, nowMs, options = {}) {
      const ulid = ulidOf(id);
      return ulid === null ? { kind: 'missing' } : applyEvent(tools, ulid, event, nowMs, options);
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

    async delete(id, when = () => true) {
      const ulid = ulidOf(id);
      return ulid === null ? null : deleteJob(tools, ulid, when);
    },
  };
}
