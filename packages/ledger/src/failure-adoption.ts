import { failureGroupOf } from '@video-proxy/core';
import { groupIdOf, restIdOf } from './failure-place.ts';
import { additionsOf, failurePlacesOf, keysOf } from './placement.ts';
import type { LedgerTools } from './scripts.ts';
import { readJob, type StoredJob } from './stored-job.ts';
import { walk } from './walk.ts';

/** Small, because a job may carry images of some megabytes. */
const sliceSize = 100;
/** What one run looks at, so that it stays a matter of seconds. */
const slicesMax = 20;

/** Where a walk through failed jobs, and then through all groups, stands. */
type Progress =
  | { readonly through: 'failed'; readonly after: string }
  | { readonly through: 'groups'; readonly left: readonly string[]; readonly offset: number };

const start: Progress = { through: 'failed', after: '-' };

/**
 * Sorts failures into groups that a process of the version before wrote, and takes jobs out of groups that such a process
 * retried or removed. While the numbers agree nothing is read.
 */
export function openFailureAdoption(tools: LedgerTools, isComplete: () => Promise<boolean>): () => Promise<number> {
  let progress: Progress | null = null;

  return async () => {
    if (progress === null && (await isComplete())) return 0;
    progress ??= start;
    let moved = 0;
    for (let slices = 0; slices < slicesMax && progress !== null; slices += 1) {
      const done: Slice = await (progress.through === 'failed'
        ? placeSlice(tools, progress.after)
        : pruneSlice(tools, progress.left, progress.offset));
      moved += done.moved;
      progress = done.next;
    }
    return moved;
  };
}

interface Slice {
  readonly moved: number;
  readonly next: Progress | null;
}

async function placeSlice(tools: LedgerTools, after: string): Promise<Slice> {
  const { redis, keys } = tools;
  const { found, last } = await walk(tools, {
    groups: [[keys.state('failed')]],
    order: 'oldest',
    start: after,
    finish: '+',
    wanted: sliceSize,
  });
  const stored = await readAll(tools, found);
  let moved = 0;
  for (const [ulid, job] of stored) {
    if (job === null || (await isPlaced(tools, ulid, job))) continue;
    moved += await place(tools, ulid, job);
  }
  if (last !== null) return { moved, next: { through: 'failed', after: `(${last}` } };
  return { moved, next: { through: 'groups', left: await redis.hkeys(keys.failureGroups), offset: 0 } };
}

async function isPlaced({ redis, keys }: LedgerTools, ulid: string, { job }: StoredJob): Promise<boolean> {
  const group = failureGroupOf(job);
  if (group === null) return true;
  const places = [groupIdOf(group), restIdOf(group.code)].map((id) => redis.zscore(keys.failureGroup(id), ulid));
  return (await Promise.all(places)).some((score) => score !== null);
}

function place({ scripts, keys }: LedgerTools, ulid: string, stored: StoredJob): Promise<0 | 1> {
  const places = failurePlacesOf(keys, stored);
  return scripts.place([keys.job(ulid), ...keysOf(places)], [ulid, stored.version, ...additionsOf(places)]);
}

async function pruneSlice(tools: LedgerTools, left: readonly string[], offset: number): Promise<Slice> {
  const { redis, keys } = tools;
  const [id, ...others] = left;
  if (id === undefined) return { moved: 0, next: null };
  const members = await redis.zrange(keys.failureTimes(id), offset, `${offset + sliceSize - 1}`);
  const owners = new Map(members.map((member) => [member.slice(0, 26), member.slice(27)]));
  let moved = 0;
  for (const [ulid, stored] of await readAll(tools, [...owners.keys()])) {
    if (belongsTo(id, stored)) continue;
    moved += await takeOut(tools, ulid, stored, id, owners.get(ulid) ?? '');
  }
  const isLast = members.length < sliceSize;
  return {
    moved,
    next: { through: 'groups', left: isLast ? others : left, offset: isLast ? 0 : offset + sliceSize - moved },
  };
}

function belongsTo(id: string, stored: StoredJob | null): boolean {
  const group = stored === null ? null : failureGroupOf(stored.job);
  return group !== null && (id === groupIdOf(group) || id === restIdOf(group.code));
}

function takeOut(
  { scripts, keys }: LedgerTools,
  ulid: string,
  stored: StoredJob | null,
  id: string,
  owner: string,
): Promise<0 | 1> {
  const detail = JSON.stringify({ id, rest: id, owner });
  return scripts.place([keys.job(ulid), keys.failureGroup(id)], [ulid, stored?.version ?? '', `~${detail}`]);
}

async function readAll(
  { redis, keys }: LedgerTools,
  ulids: readonly string[],
): Promise<(readonly [ulid: string, stored: StoredJob | null])[]> {
  const texts = await Promise.all(ulids.map((ulid) => redis.lindex(keys.job(ulid), 0)));
  return ulids.map((ulid, index) => {
    const text = texts[index] ?? null;
    return [ulid, text === null ? null : readJob(ulid, text)] as const;
  });
}
