import { setTimeout as pause } from 'node:timers/promises';
import { finishJobs } from './finish-jobs.ts';
import { type Surroundings, startApi, startWorker } from './processes.ts';
import type { Measurement } from './results.ts';
import { call, inParallel, newJobBody } from './service-client.ts';

const jobCount = 2_000;
const waitMaxMs = 60_000;

/** As many take the same way before anything is measured: scripts and connections cost the same for one job and a million. */
const warmUpCount = 50;

/** What Redis keeps for one job, everything counted: record, history, indexes, the step, the queue's own traces. */
export async function measureMemory(surroundings: Surroundings): Promise<Measurement[]> {
  console.log(`Redis memory of ${jobCount} jobs, in flight and completed …`);
  await surroundings.redis.flushall();
  await using api = await startApi({ ...surroundings, env: { LOG_LEVEL: 'warn' } });
  await generate(surroundings, api.url, warmUpCount);
  await finishJobs(surroundings.redisUrl, warmUpCount);

  const beforeBytes = await usedMemoryBytes(surroundings);
  const bytesPerJob = async () => ((await usedMemoryBytes(surroundings)) - beforeBytes) / jobCount;
  await generate(surroundings, api.url, jobCount);
  const inFlight = await bytesPerJob();
  await finishJobs(surroundings.redisUrl, jobCount);
  const completed = await bytesPerJob();

  return [
    { what: 'Redis memory, job in flight', unit: 'bytes', ours: inFlight, target: { max: 4_096 } },
    { what: 'Redis memory, completed job', unit: 'bytes', ours: completed, target: { max: 3_072 } },
  ];
}

/** Jobs that the provider never finishes, submitted by a worker that is gone when they are all being generated. */
async function generate(surroundings: Surroundings, apiUrl: string, count: number): Promise<void> {
  await using _worker = await startWorker({ ...surroundings, env: { SUBMIT_CONCURRENCY: '50', LOG_LEVEL: 'warn' } });
  const body = newJobBody('[sandbox:never]');
  const jobs = await inParallel(Array.from({ length: count }), () =>
    call(`${apiUrl}/v1/jobs`, { method: 'POST', body }),
  );
  await allReach('generating', jobs, apiUrl);
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
