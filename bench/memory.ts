import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { clientKey } from './processes.ts';
import { newJobBody } from './workload.ts';

const jobCount = 2_000;
const requestsAtOnce = 50;
const waitMaxMs = 60_000;

/** What Redis keeps for one job in bytes, everything counted: record, history, indexes, the step, the queue's own traces. */
export async function bytesPerJob(
  redis: Redis,
  apiUrl: string,
  reached: { readonly phase: 'generating' | 'completed'; readonly sandboxWords: string },
): Promise<number> {
  await redis.flushall();
  const beforeBytes = await usedMemoryBytes(redis);
  const ids = await inParallel(Array.from({ length: jobCount }), () => createJob(apiUrl, reached.sandboxWords));
  await allReach(apiUrl, ids, reached.phase);
  return ((await usedMemoryBytes(redis)) - beforeBytes) / jobCount;
}

async function createJob(apiUrl: string, sandboxWords: string): Promise<string> {
  const answer = await call(`${apiUrl}/v1/jobs`, { method: 'POST', body: newJobBody(sandboxWords) });
  return answer.id;
}

async function allReach(apiUrl: string, ids: readonly string[], phase: string): Promise<void> {
  const deadlineMs = performance.now() + waitMaxMs;
  let missing = ids;
  while (missing.length > 0) {
    if (performance.now() > deadlineMs)
      throw new Error(`${missing.length} of ${ids.length} jobs did not get to ${phase}`);
    const phases = await inParallel(missing, (id) => call(`${apiUrl}/v1/jobs/${id}`));
    const ended = phases.find((job) => job.phase === 'failed');
    if (ended !== undefined) throw new Error(`${ended.id} failed: ${JSON.stringify(ended.error)}`);
    missing = phases.filter((job) => job.phase !== phase).map(({ id }) => id);
    await pause(500);
  }
}

interface Answer {
  readonly id: string;
  readonly phase: string;
  readonly error: unknown;
}

async function call(url: string, init: { method?: string; body?: string } = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' };
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const lane = async () => {
    for (const [index, item] of entries) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, lane));
  return results;
}

async function usedMemoryBytes(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}
