import type { VideoJob } from '@video-proxy/core';
import type { LedgerTools } from './scripts.ts';
import { readJob } from './stored-job.ts';

/** A walk along indexes: the bounds are lexical (`+`, `-`, `(ulid`, `[ulid`), the groups those of lua/scan.lua. */
export interface Walk {
  readonly groups: readonly (readonly string[])[];
  readonly order: 'newest' | 'oldest';
  readonly start: string;
  readonly finish: string;
  readonly wanted: number;
  /** For callers that walk again and again. */
  readonly scansMax?: number;
}

/** One run of the script stays below about a millisecond, and no caller keeps Redis busy with more than ten. */
const looksPerScan = 1_000;
const scansUsualMax = 10;

/** @returns the ULIDs found, and the one to go on after when the end was not reached */
export async function walk(
  { scripts }: LedgerTools,
  { groups, order, start: first, finish, wanted, scansMax = scansUsualMax }: Walk,
): Promise<{ found: string[]; last: string | null }> {
  const sizes = groups.map((group) => group.length);
  const found: string[] = [];
  let start = first;
  let last: string | null = null;
  for (let scans = 0; scans < scansMax && found.length < wanted; scans += 1) {
    const left = wanted - found.length;
    const [ulids, lookedAt] = await scripts.scan(groups.flat(), [order, start, finish, left, looksPerScan, ...sizes]);
    found.push(...ulids);
    if (lookedAt === '') return { found, last: null };
    last = lookedAt;
    start = `(${lookedAt}`;
  }
  return { found, last };
}

/** The jobs behind ULIDs, without those that were deleted since. */
export async function loadJobs({ redis, keys }: LedgerTools, ulids: readonly string[]): Promise<VideoJob[]> {
  const pipeline = redis.pipeline();
  for (const ulid of ulids) pipeline.lindex(keys.job(ulid), 0);
  const replies = (await pipeline.exec()) ?? [];
  return ulids.flatMap((ulid, index) => {
    const [error, text] = replies[index] ?? [null, null];
    if (error !== null) throw error;
    return typeof text === 'string' ? [readJob(ulid, text).job] : [];
  });
}
