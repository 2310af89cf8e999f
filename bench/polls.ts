import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { dueSteps, seedBareSteps, seedGenerations, spreadSteps } from './generations.ts';
import { type Comparison, takeTurns } from './load.ts';
import {
  residentBytes,
  type Server,
  type Surroundings,
  startBaseline,
  startProvider,
  startWorker,
} from './processes.ts';
import { type Arrival, takeArrivals } from './provider-client.ts';
import type { Measurement } from './results.ts';

const inFlight = 10_000;
/** What the provider takes for an answer while the demand is steady; a backlog is cleared as fast as both sides can. */
const latencyMs = 200;
/** What docs/operations.md advises for so many generations; the default is meant for a tenth of them. */
const pollConcurrency = 256;
const intervalMs = 15_750;
const settleMaxMs = 20_000;
const steadyMs = 20_000;
const drainMaxMs = 60_000;

export async function measurePolls(surroundings: Surroundings): Promise<Measurement[]> {
  const { redis, redisUrl } = surroundings;
  await redis.flushall();
  await seedGenerations(redisUrl, inFlight);
  await seedBareSteps(redis, inFlight);
  const drained = await measureDrain(surroundings);
  const { comparison, latenessMs, memoryBytes } = await measureSteady(surroundings);
  return [
    { what: 'polls, all overdue', unit: 'polls/s', comparison: drained, target: { ratioMin: 0.6 } },
    { what: 'polls, steady', unit: 'polls/s', comparison, target: { ratioMin: 0.6 } },
    { what: 'lateness of a poll, p99', unit: 'ms', ours: latenessMs, target: { max: 500 } },
    { what: 'worker memory, resident', unit: 'bytes', ours: memoryBytes, target: { max: 300_000_000 } },
  ];
}

/** After a standstill every poll is overdue: how fast the backlog goes. */
async function measureDrain(surroundings: Surroundings): Promise<Comparison> {
  console.log(`polls of ${inFlight} generations, all overdue: 3 rounds on each side …`);
  const { redis } = surroundings;
  return takeTurns(3, {
    ours: async () => {
      await using provider = await startProvider(0);
      await spreadSteps(redis, 'vp', -1_000);
      await using _worker = await startWorker(withProvider(surroundings, provider));
      return await drainRate(provider.url);
    },
    bare: async () => {
      await spreadSteps(redis, 'bare', -1_000);
      await using bare = await startBare(surroundings);
      return await drainRate(bare.url);
    },
  });
}

/** Polls per second between the first and the last twentieth: a start and an end say little about the way between. */
async function drainRate(url: string): Promise<number> {
  const arrivals: Arrival[] = [];
  const deadlineMs = performance.now() + drainMaxMs;
  while (arrivals.length < inFlight) {
    if (performance.now() > deadlineMs) throw new Error(`only ${arrivals.length} polls came`);
    await pause(250);
    arrivals.push(...(await takeArrivals(url, 'polls')));
  }
  const times = arrivals.map(([, atMs]) => atMs).sort((a, b) => a - b);
  const [from, to] = [inFlight / 20, (inFlight * 19) / 20];
  return ((to - from) / ((times[to] ?? 0) - (times[from] ?? 0))) * 1_000;
}

/** Every generation is polled each 15 to 16.5 s, spread over that time. */
async function measureSteady(surroundings: Surroundings) {
  console.log(`polls of ${inFlight} generations, each every 15 s: ${steadyMs / 1_000} s on each side …`);
  const { redis } = surroundings;
  const bare = await (async () => {
    await spreadSteps(redis, 'bare', intervalMs);
    await using server = await startBare(surroundings);
    return await observe(surroundings, 'bare', server.url);
  })();
  await using provider = await startProvider(latencyMs);
  await spreadSteps(redis, 'vp', intervalMs);
  await using worker = await startWorker(withProvider(surroundings, provider));
  const ours = await observe(surroundings, 'vp', provider.url, worker.pid);
  const comparison = { ours: ours.rate, bare: bare.rate, ratio: ours.rate / bare.rate };
  return { comparison, latenessMs: ours.latenessMs, memoryBytes: ours.memoryBytes };
}

/** Compares the times at which polls were due, read from the queue a second ahead, with the times at which they came. */
async function observe({ redis }: Surroundings, prefix: string, url: string, pid?: number) {
  await untilOnTime(redis, prefix);
  const due = new Map<string, number>();
  const arrivals: Arrival[] = [];
  let memoryBytes = 0;
  await takeArrivals(url, 'polls');
  const beganMs = Date.now();
  for (let aheadMs = beganMs + 1_000; Date.now() < beganMs + steadyMs; aheadMs += 1_000) {
    for (const { id, atMs } of await dueSteps(redis, prefix, aheadMs, aheadMs + 1_000)) due.set(`${id} ${atMs}`, atMs);
    if (pid !== undefined) memoryBytes = Math.max(memoryBytes, await residentBytes(pid));
    await pause(Math.max(0, aheadMs - Date.now()));
    arrivals.push(...(await takeArrivals(url, 'polls')));
  }
  const tookMs = Date.now() - beganMs;
  await pause(1_500);
  arrivals.push(...(await takeArrivals(url, 'polls')));
  const late = latenessOf(due, arrivals, beganMs + steadyMs).sort((a, b) => a - b);
  const rate = (arrivals.filter(([, atMs]) => atMs < beganMs + tookMs).length / tookMs) * 1_000;
  return { rate, latenessMs: late[Math.floor(late.length * 0.99)] ?? Number.NaN, memoryBytes };
}

/** What became due while the process started is made up for first. */
async function untilOnTime(redis: Redis, prefix: string): Promise<void> {
  const deadlineMs = performance.now() + settleMaxMs;
  while (performance.now() < deadlineMs) {
    await pause(250);
    const nowMs = Date.now();
    const overdue = await dueSteps(redis, prefix, 0, nowMs - 250);
    if (overdue.length + (await redis.llen(`{${prefix}}:poll:wait`)) === 0) return;
  }
}

/** For each poll that was due before `untilMs`; one that never came counts as late as can be. */
function latenessOf(due: ReadonlyMap<string, number>, arrivals: readonly Arrival[], untilMs: number): number[] {
  const byId = Map.groupBy(arrivals, ([id]) => id);
  return [...due]
    .filter(([, dueMs]) => dueMs < untilMs)
    .map(([name, dueMs]) => {
      const came = byId.get(name.split(' ')[0] ?? '')?.find(([, atMs]) => atMs >= dueMs);
      return came === undefined ? Number.POSITIVE_INFINITY : came[1] - dueMs;
    });
}

const startBare = ({ redisUrl }: Surroundings) =>
  startBaseline('poll', redisUrl, { POLL_CONCURRENCY: String(pollConcurrency) });

function withProvider(surroundings: Surroundings, provider: Server): Surroundings {
  const env = {
    AIMLAPI_BASE_URL: provider.url,
    POLL_CONCURRENCY: String(pollConcurrency),
    LOG_LEVEL: 'warn',
    ...surroundings.env,
  };
  return { ...surroundings, env };
}
