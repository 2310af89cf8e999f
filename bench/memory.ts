import { setTimeout as pause } from 'node:timers/promises';
import { finishJobs } from './finish-jobs.ts';
import { type Surroundings, startApi, startWorker } from './processes.ts';
import type { Measurement } from './results.ts';
import { call, inParallel, newJobBody } from './service-client.ts';

const jobCount = 2_000;
const waitMaxMs = 60_000;

/** What Redis keeps for one job, everything counted: record, history, indexes, the step, the queue's own traces. */
export async function measureMemory(surroundings: Surroundings): Promise<Measurement[]> {
  const { redis } = surroundings;
  const bytesPerJobSince = async (beforeBytes: number) =>
    ((await usedMemoryBytes(surroundings)) - beforeBytes) / jobCount;
  console.log(`Redis memory of ${jobCount} jobs, in flight and completed …`);
  await redis.flushall();
  await using api = await startApi({ ...surroundings, env: { LOG_LEVEL: 'warn' } });
  const beforeBytes = await usedMemoryBytes(surroundings);

  const inFlight = await (async () => {
    await using _worker = await startWorker({ ...surroundings, env: { SUBMIT_CONCURRENCY: '50', LOG_LEVEL: 'warn' } });
    const body = newJobBody('[sandbox:never]');
    const jobs = await inParallel(Array.from({ length: jobCount }), () =>
      call(`${api.url}/v1/jobs`, { method: 'POST', body }),
    );
    await allReach('generating', jobs, api.url);
    return bytesPerJobSince(beforeBytes);
  })();
  await finishJobs(surroundings.redisUrl, jobCount);
  const completed = await bytesPerJobSince(beforeBytes);

  return [
    { what: 'Redis memory, job in flight', unit: 'bytes', ours: inFlight, target: { max: 4_096 } },
    { what: 'Redis memory, completed job', unit: 'bytes', ours: completed, target: { max: 3_072 } },
  ];
}

async function allReach(phase: string, jobs: readonly { id: string }[], apiUrl: string): Promise<void> {
  const deadlineMs = performance.now() + waitMaxMs;
  let others = jobs;
  while (others.length > 0) {
    if (performance.now() > deadlineMs) throw new Error(`${others.length} jobs are not ${phase}`);
    const seen = await inParallel(others, ({ id }) => call(`${apiUrl}/v1/jobs/${id}`));
    others = seen.filter((job) => job.phase !== phase);
    await pause(200);
  }
}

async function usedMemoryBytes({ redis }: Surroundings): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}
