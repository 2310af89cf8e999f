import type { Queue } from 'bullmq';
import type { RedisConnection } from './queues.ts';

/** Keys or members in one command, and list entries in one answer: less than a millisecond of Redis each. */
const sliceMax = 500;

/**
 * Finds out which steps will never run, because nothing of them is left or because they stand in no list of their queue.
 *
 * BullMQ moves a step from list to list within one script, so a process that dies leaves no step outside of them (it stays
 * in `active`, where the other workers find it stalled). A list that was deleted by hand or evicted does leave its steps
 * behind; they would keep the same step from being added again for ever, so they are removed when they are found.
 *
 * Asking about steps that are there costs two commands for 500 of them, and none of their data is read.
 */
export async function* missingSteps<Step>(
  { queue, redis, idOf }: { queue: Queue; redis: RedisConnection; idOf: (step: Step) => string },
  slices: AsyncIterable<readonly Step[]>,
): AsyncGenerator<readonly Step[]> {
  let listed: Promise<ReadonlySet<string>> | null = null;

  /** Steps that wait or run, as it was when the first of them was looked for: with thousands of them it is read once. */
  const isListed = async (id: string): Promise<boolean> => {
    listed ??= readLists(redis, [queue.toKey('wait'), queue.toKey('active')]);
    return (await listed).has(id);
  };

  const isCleared = async (id: string): Promise<boolean> => {
    if (await isListed(id)) return false;
    // It may have moved from list to list between the looks; this one is a single script.
    if ((await queue.getJobState(id)) !== 'unknown') return false;
    // Not while its lock lives: then somebody still carries it out.
    return (await queue.remove(id)) === 1;
  };

  for await (const steps of slices) {
    const missing = new Set<string>();
    for (const ids of inSlices(steps.map(idOf))) {
      const absent = await absentOf(queue, redis, ids);
      for (const id of absent) missing.add(id);
      const outside = await undelayedOf(
        queue,
        redis,
        ids.filter((id) => !absent.has(id)),
      );
      const cleared = await Promise.all(outside.map(isCleared));
      for (const [index, id] of outside.entries()) if (cleared[index] === true) missing.add(id);
    }
    if (missing.size > 0) yield steps.filter((step) => missing.has(idOf(step)));
  }
}

async function absentOf(queue: Queue, redis: RedisConnection, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const keys = ids.map((id) => queue.toKey(id));
  if ((await redis.exists(...keys)) === keys.length) return new Set();
  const found = await Promise.all(keys.map((key) => redis.exists(key)));
  return new Set(ids.filter((_, index) => found[index] === 0));
}

async function undelayedOf(queue: Queue, redis: RedisConnection, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const scores = await redis.zmscore(queue.toKey('delayed'), ...ids);
  return ids.filter((_, index) => scores[index] === null);
}

async function readLists(redis: RedisConnection, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const key of keys) {
    for (let start = 0; ; start += sliceMax) {
      const slice = await redis.lrange(key, start, start + sliceMax - 1);
      for (const id of slice) ids.add(id);
      if (slice.length < sliceMax) break;
    }
  }
  return ids;
}

function* inSlices(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += sliceMax) yield ids.slice(start, start + sliceMax);
}
