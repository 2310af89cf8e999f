import { type VideoJobState, videoJobStates } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';

/** How many jobs are in each state: the sizes of the indexes, in one round trip, however many jobs there are. */
export async function countStates({ redis, keys }: LedgerTools): Promise<Record<VideoJobState, number>> {
  const sizes = await Promise.all(videoJobStates.map(async (state) => [state, await redis.zcard(keys.state(state))]));
  return Object.fromEntries(sizes) as Record<VideoJobState, number>;
}
