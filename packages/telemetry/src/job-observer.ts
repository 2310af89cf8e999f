import type { VideoJob, VideoJobEvent } from '@video-proxy/core';
import type { VideoJobRecords } from '@video-proxy/ledger';

/** One thing that happened to a job. */
export interface JobChange {
  readonly event: VideoJobEvent;
  readonly previous: VideoJob;
  readonly job: VideoJob;
  readonly atMs: number;
}

/** Is told what this process has written, after it was written. Must not throw. */
export interface JobObserver {
  created?(job: VideoJob): void;
  changed(change: JobChange): void;
  deleted?(job: VideoJob): void;
}

/** The records of jobs, with everything that is written through them told to somebody. */
export function observed<Jobs extends Pick<VideoJobRecords, 'apply' | 'create' | 'delete'>>(
  jobs: Jobs,
  observers: readonly JobObserver[],
): Jobs {
  const apply: Jobs['apply'] = async (id, event, atMs, options) => {
    const applied = await jobs.apply(id, event, atMs, options);
    if (applied.kind === 'changed') {
      const { job, previous } = applied;
      for (const observer of observers) observer.changed({ event, previous, job, atMs });
    }
    return applied;
  };
  const create: Jobs['create'] = async (job, idempotency) => {
    const creation = await jobs.create(job, idempotency);
    if (creation.kind === 'created') for (const observer of observers) observer.created?.(job);
    return creation;
  };
  const remove: Jobs['delete'] = async (id, when) => {
    const removed = await jobs.delete(id, when);
    if (removed !== null) for (const observer of observers) observer.deleted?.(removed);
    return removed;
  };
  return { ...jobs, apply, create, delete: remove };
}
