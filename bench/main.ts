/**
 * `npm run bench`: what the guarantees cost. The service is measured against servers that do the least possible with the
 * same libraries, in turns, on the same Redis, in one run: ratios say something on any machine, single numbers do not.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@video-proxy/local-redis';
import { Redis } from 'ioredis';
import { median, requestsPerSecond, takeTurns } from './load.ts';
import { bytesPerJob } from './memory.ts';
import { clientKey, type Surroundings, startApi, startBaseline, startWorker } from './processes.ts';
import { type Measurement, saveResults, tableOf } from './results.ts';
import { newJobBody } from './workload.ts';

const rounds = 3;
const secondsPerRound = 4;
const starts = 5;

const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-bench-'));
try {
  await using server = await startLocalRedis({
    dataDir: join(dataDir, 'redis'),
    persistence: 'append-only',
    env: process.env,
  });
  const redis = new Redis(new URL(server.url).pathname);
  const surroundings = { redisUrl: server.url, dataDir: join(dataDir, 'files') };
  const measurements = [
    ...(await throughput(redis, surroundings)),
    ...(await memory(redis, surroundings)),
    await startTime(surroundings),
  ];
  redis.disconnect();
  console.log(`\n${tableOf(measurements)}`);
  if (process.argv.includes('--save')) await saveResults(measurements);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

async function throughput(redis: Redis, surroundings: Surroundings): Promise<Measurement[]> {
  await using api = await startApi(surroundings);
  await using bareCreate = await startBaseline('create', surroundings.redisUrl);
  await using bareRead = await startBaseline('read', surroundings.redisUrl);
  const body = newJobBody();

  const createAt = (url: string) => async () => {
    await redis.flushall();
    return requestsPerSecond({ method: 'POST', url: `${url}/v1/jobs`, body }, secondsPerRound);
  };
  console.log(`POST /v1/jobs: ${rounds} rounds of ${secondsPerRound} s on each side …`);
  await Promise.all([warmUp(api.url, body), warmUp(bareCreate.url, body)]);
  const create = await takeTurns(rounds, { ours: createAt(api.url), bare: createAt(bareCreate.url) });

  await redis.flushall();
  const id = await warmUp(api.url, body);
  await redis.hset(`bare:${id}`, await hashOfSameSize(api.url, id));
  const readAt = (url: string) => () =>
    requestsPerSecond({ method: 'GET', url: `${url}/v1/jobs/${id}` }, secondsPerRound);
  console.log(`GET /v1/jobs/{id}: ${rounds} rounds of ${secondsPerRound} s on each side …`);
  const read = await takeTurns(rounds, { ours: readAt(api.url), bare: readAt(bareRead.url) });

  return [
    { what: 'POST /v1/jobs', unit: 'requests/s', ...create, target: { ratioMin: 0.6 } },
    { what: 'GET /v1/jobs/{id}', unit: 'requests/s', ...read, target: { ratioMin: 0.7 } },
  ];
}

async function warmUp(url: string, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/jobs`, { method: 'POST', headers, body });
  if (response.status !== 202) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** The fields of the job on the wire, so that both sides read and send about the same. */
async function hashOfSameSize(url: string, id: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/v1/jobs/${id}`, { headers: { authorization: `Bearer ${clientKey}` } });
  const job = (await response.json()) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(job).map(([name, value]) => [name, JSON.stringify(value)]));
}

async function memory(redis: Redis, surroundings: Surroundings): Promise<Measurement[]> {
  const busy = { SUBMIT_CONCURRENCY: '50', POLL_CONCURRENCY: '50', STORE_CONCURRENCY: '8', LOG_LEVEL: 'warn' };
  await redis.flushall();
  await using api = await startApi({ ...surroundings, env: { LOG_LEVEL: 'warn' } });
  await using worker = await startWorker({ ...surroundings, env: busy });
  console.log(`Redis memory of 2,000 jobs, with worker ${worker.pid} …`);
  const inFlight = await bytesPerJob(redis, api.url, { phase: 'generating', sandboxWords: '[sandbox:never]' });
  const completed = await bytesPerJob(redis, api.url, { phase: 'completed', sandboxWords: '[sandbox:slow=1]' });
  return [
    { what: 'Redis memory of a job in flight', unit: 'bytes', ours: inFlight, target: { max: 4_096 } },
    { what: 'Redis memory of a completed job', unit: 'bytes', ours: completed, target: { max: 3_072 } },
  ];
}

async function startTime(surroundings: Surroundings): Promise<Measurement> {
  console.log(`Start of the API, ${starts} times …`);
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const beganMs = performance.now();
    await using _api = await startApi(surroundings);
    times.push(performance.now() - beganMs);
  }
  return { what: 'API process start to listening', unit: 'ms', ours: median(times), target: { max: 1_500 } };
}
