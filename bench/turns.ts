import { setTimeout as pause } from 'node:timers/promises';
import { clientKey, type Surroundings, startApi, startProvider, startWorker } from './processes.ts';
import { type Arrival, takeArrivals } from './provider-client.ts';
import type { Measurement } from './results.ts';
import { call, inParallel, newJobBody } from './service-client.ts';

const waiting = 10_000;
/** Clients that come one after the other; the unluckiest counts. */
const lateClients = ['ann', 'ben', 'cho'];
const latencyMs = 200;
const waitMaxMs = 10_000;

/** How many jobs of a client with thousands of them are still sent before the first job of another one. */
export async function measureTurns(surroundings: Surroundings): Promise<Measurement[]> {
  console.log(`turns: ${waiting} waiting jobs of one client, then the first of another …`);
  await surroundings.redis.flushall();
  await using provider = await startProvider(latencyMs);
  const clients = [`bench=${clientKey}`, ...lateClients.map((name) => `${name}=${keyOf(name)}`)];
  const env = { AIMLAPI_BASE_URL: provider.url, CLIENT_KEYS: clients.join(','), LOG_LEVEL: 'warn' };
  await using api = await startApi({ ...surroundings, env });
  const body = newJobBody();
  const create = (key: string) => call(`${api.url}/v1/jobs`, { method: 'POST', body, key });
  await inParallel(Array.from({ length: waiting }), () => create(clientKey));

  await using _worker = await startWorker({ ...surroundings, env });
  const sent: Arrival[] = [];
  await until(async () => {
    sent.push(...(await takeArrivals(provider.url, 'creates')));
    return sent.length > 5;
  });
  let worst = 0;
  for (const name of lateClients) {
    const { id } = await create(keyOf(name));
    worst = Math.max(worst, await sentBefore(provider.url, `${id}.1`, Date.now()));
  }
  return [{ what: "jobs sent before another's first", unit: 'submissions', ours: worst, target: { max: 1 } }];
}

/** What was sent after the job was created and before it; as many as were seen when it did not come in time. */
async function sentBefore(url: string, clientRequestId: string, createdAtMs: number): Promise<number> {
  const sent: Arrival[] = [];
  const isSent = () => sent.some(([id]) => id === clientRequestId);
  await until(async () => {
    sent.push(...(await takeArrivals(url, 'creates')));
    return isSent();
  });
  const since = sent.filter(([id, atMs]) => atMs >= createdAtMs || id === clientRequestId);
  return isSent() ? since.findIndex(([id]) => id === clientRequestId) : since.length;
}

/** @returns when the condition holds, or after a while */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + waitMaxMs;
  while (!(await condition()) && performance.now() < deadlineMs) await pause(50);
}

const keyOf = (name: string): string => `bench-client-key-of-${name}`;
