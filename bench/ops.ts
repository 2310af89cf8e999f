import { setTimeout as pause } from 'node:timers/promises';
import { openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis } from '@video-proxy/redis';
import { requestsPerSecond, takeTurns } from './load.ts';
import { ask, measureLooks, opsKey, timeOf } from './looks.ts';
import { type Surroundings, startApi, startWorker } from './processes.ts';
import type { Measurement } from './results.ts';
import { incident, type SeededJobs, seedJobs } from './seed-jobs.ts';
import { seedOperations } from './seed-operations.ts';
import { newJobBody } from './service-client.ts';

const jobCount = 200_000;
const bulkJobs = 10_000;
const rounds = 6;
const secondsPerRound = 4;
/** As often as a page of the console looks, while somebody has it open. */
const pageIntervalMs = 2_000;
const bulkWaitMaxMs = 120_000;

/** What operators' pages cost with two hundred thousand jobs: themselves, and everybody else. */
export async function measureOps(surroundings: Surroundings): Promise<Measurement[]> {
  await surroundings.redis.flushall();
  console.log(`operators' pages: ${jobCount} jobs are written …`);
  const seeded = await seedJobs(surroundings.redisUrl, jobCount, (made) => console.log(`  ${made}`));
  await seedOperations(surroundings.redisUrl, seeded.samples);
  // The jobs that wait outlast the run.
  const env = { OPS_KEY: opsKey, LOG_LEVEL: 'warn', QUEUE_DEPTH_MAX: '2000000', HOLD_MAX_SECONDS: '86400' };
  await using api = await startApi({ ...surroundings, env });
  await logSlowCommands(surroundings.redis);
  const looked = await measureLooks(api.url, seeded);
  const blockedMs = await longestBlockMs(surroundings.redis);
  return [
    ...looked,
    { what: 'longest block of Redis by all of these', unit: 'ms', ours: blockedMs, target: { max: 10 } },
    await measureNeighbours(api.url),
    ...(await measureBulk({ ...surroundings, env }, api.url, seeded)),
  ];
}

/** New jobs with and without somebody who looks at the pages all the time. */
async function measureNeighbours(url: string): Promise<Measurement> {
  const body = newJobBody();
  const create = () => requestsPerSecond({ method: 'POST', url: `${url}/v1/jobs`, body }, secondsPerRound);
  const watched = async () => {
    const leave = new AbortController();
    const watching = watchPages(url, leave.signal);
    const rate = await create();
    leave.abort();
    await watching;
    return rate;
  };
  console.log(`POST /v1/jobs with and without an open page of operators: ${rounds} rounds …`);
  const comparison = await takeTurns(rounds, { ours: watched, bare: create });
  return { what: 'POST /v1/jobs, pages open', unit: 'requests/s', comparison, target: { ratioMin: 0.95 } };
}

async function watchPages(url: string, signal: AbortSignal): Promise<void> {
  const pages = [
    '/ops/api/overview',
    '/ops/api/failures',
    '/ops/api/jobs?status=failed',
    '/ops/api/audit',
    '/ops/api/bulk',
  ];
  while (!signal.aborted) {
    for (const page of pages) await ask(url, page);
    await pause(pageIntervalMs, undefined, { signal }).catch(() => undefined);
  }
}

interface BulkAnswer {
  readonly id: string;
  readonly count: number;
  readonly state: string;
  readonly done: number;
}

/** Ten thousand jobs are retried while submissions are paused: it is the action that is measured, not what comes of it. */
async function measureBulk(surroundings: Surroundings, url: string, seeded: SeededJobs): Promise<Measurement[]> {
  if (seeded.ofIncident < bulkJobs) throw new Error(`only ${seeded.ofIncident} jobs of the incident`);
  await pauseDispatch(surroundings.redisUrl);
  const order = { action: 'retry', filter: { code: incident.code }, reason: 'bench' };
  const previews: number[] = [];
  for (let number = 0; number < 5; number += 1) {
    previews.push(await timeOf(() => ask(url, '/ops/api/jobs/bulk', { ...order, dry_run: true })));
  }
  const { redis } = surroundings;
  await using _worker = await startWorker({ ...surroundings, env: { ...surroundings.env, SUBMIT_CONCURRENCY: '1' } });
  await pause(3_000);
  await redis.slowlog('RESET');
  const begunMs = performance.now();
  const { id, count } = await ask<BulkAnswer>(url, '/ops/api/jobs/bulk', { ...order, dry_run: false });
  while ((await ask<BulkAnswer>(url, `/ops/api/bulk/${id}`)).state !== 'finished') {
    if (performance.now() - begunMs > bulkWaitMaxMs) throw new Error('the bulk action does not end');
    await pause(200);
  }
  const tookMs = performance.now() - begunMs;
  const { done } = await ask<BulkAnswer>(url, `/ops/api/bulk/${id}`);
  if (done !== count) throw new Error(`${count - done} jobs were not retried`);
  console.log(`  ${count} jobs were retried in ${Math.round(tookMs)} ms`);
  return [
    {
      what: `preview of ${count} retries, worst of 5`,
      unit: 'ms',
      ours: Math.max(...previews),
      target: { max: 1_000 },
    },
    { what: 'longest block of Redis in their run', unit: 'ms', ours: await longestBlockMs(redis), target: { max: 10 } },
  ];
}

/** From a millisecond on. */
async function logSlowCommands(redis: Surroundings['redis']): Promise<void> {
  await redis.config('SET', 'slowlog-log-slower-than', '1000');
  await redis.config('SET', 'slowlog-max-len', '1000');
  await redis.slowlog('RESET');
}

type SlowCommand = [id: number, atSeconds: number, microseconds: number, command: string[]];

async function longestBlockMs(redis: Surroundings['redis']): Promise<number> {
  const entries = (await redis.slowlog('GET', 1_000)) as SlowCommand[];
  // Emptying this very log is a command that takes its time.
  const served = entries.filter(([, , , [name]]) => name !== 'slowlog');
  return Math.max(0, ...served.map(([, , microseconds]) => microseconds)) / 1_000;
}

async function pauseDispatch(redisUrl: string): Promise<void> {
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  await using opened = new AsyncDisposableStack();
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  const { holds } = opened.use(openLedger({ redis: connection, subscriber: connect, namespace: 'vp' }));
  await holds.changePause(() => ({
    code: 'paused',
    message: 'The benchmark counts what is ordered, not what is sent.',
    by: null,
    sinceMs: Date.now(),
    untilMs: null,
    evidence: null,
  }));
}
