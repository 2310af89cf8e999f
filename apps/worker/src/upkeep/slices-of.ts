import type { VideoJob, VideoJobState } from '@video-proxy/core';
import type { VideoJobSlice } from '@video-proxy/ledger';
import type { WorkerParts } from '../worker-parts.ts';

/** Small, because a job may carry images of some megabytes. */
const sliceSize = 50;

/** All jobs in a state, oldest first, in slices small enough not to hold Redis up. */
export async function* slicesOf(
  { ledger }: Pick<WorkerParts, 'ledger'>,
  state: VideoJobState,
  filter: { readonly createdBeforeMs?: number } = {},
): AsyncGenerator<readonly VideoJob[]> {
  let cursor: string | null = null;
  do {
    const slice: VideoJobSlice = await ledger.jobs.inState(state, { ...filter, limit: sliceSize, cursor });
    yield slice.jobs;
    cursor = slice.cursor;
  } while (cursor !== null);
}
