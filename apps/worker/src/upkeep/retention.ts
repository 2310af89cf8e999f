import { storageKeysOf, storedVideoOf, type VideoJob } from '@video-proxy/core';
import type { VideoJobSlice } from '@video-proxy/ledger';
import type { WorkerParts } from '../worker-parts.ts';

const sliceSize = 50;

/** Removes files and records of jobs that ended longer ago than the retention time, slice by slice. */
export async function removeExpired(
  parts: Pick<WorkerParts, 'ledger' | 'storage' | 'limits' | 'log' | 'now'>,
): Promise<void> {
  const endedBeforeMs = parts.now() - parts.limits.retentionMs;
  const left: Left = { count: 0, first: null };
  let cursor: string | null = null;
  do {
    const slice: VideoJobSlice = await parts.ledger.jobs.endedBefore(endedBeforeMs, { limit: sliceSize, cursor });
    for (const job of slice.jobs) {
      try {
        await remove(parts, job, endedBeforeMs);
      } catch (error) {
        left.count += 1;
        left.first ??= { job, error };
      }
    }
    cursor = slice.cursor;
  } while (cursor !== null);
  tellOfLeft(parts, left);
  await parts.ledger.deliveries.forget(endedBeforeMs);
}

/** Jobs that could not be removed this time. */
interface Left {
  count: number;
  first: { readonly job: VideoJob; readonly error: unknown } | null;
}

/** One line for all: a storage that is away would otherwise fill the log each time. */
function tellOfLeft({ log }: Pick<WorkerParts, 'log'>, { first, count }: Left): void {
  if (first === null) return;
  const { id: jobId, requestId } = first.job;
  const told = { err: first.error, jobId, requestId, jobs: count };
  log.error(told, 'expired jobs could not be removed: trying again later; this is the first of them');
}

/**
 * The file first: a record without a file is removed again, a file without a record would stay for ever. A job that ended
 * anew meanwhile, as by its late video, is kept for the whole time again.
 */
async function remove(
  parts: Pick<WorkerParts, 'ledger' | 'storage'>,
  job: VideoJob,
  endedBeforeMs: number,
): Promise<void> {
  for (const key of storageKeysOf(storedVideoOf(job.lifecycle))) await parts.storage.delete(key);
  await parts.ledger.jobs.delete(
    job.id,
    ({ lifecycle }) => 'endedAtMs' in lifecycle && lifecycle.endedAtMs < endedBeforeMs,
  );
}
