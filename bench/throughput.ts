import { requestsPerSecond, takeTurns } from './load.ts';
import { type Surroundings, startApi, startBaseline } from './processes.ts';
import type { Measurement } from './results.ts';
import { call, newJobBody } from './service-client.ts';

const rounds = 5;
const secondsPerRound = 3;

export async function measureThroughput(surroundings: Surroundings): Promise<Measurement[]> {
  await using api = await startApi(surroundings);
  return [await measureCreate(surroundings, api.url), await measureRead(surroundings, api.url)];
}

async function measureCreate({ redis, redisUrl }: Surroundings, apiUrl: string): Promise<Measurement> {
  await using bare = await startBaseline('create', redisUrl);
  const body = newJobBody();
  const createAt = (url: string) => async () => {
    await redis.flushall();
    return requestsPerSecond({ method: 'POST', url: `${url}/v1/jobs`, body }, secondsPerRound);
  };
  console.log(`POST /v1/jobs: ${rounds} rounds of ${secondsPerRound} s on each side …`);
  const comparison = await takeTurns(rounds, { ours: createAt(apiUrl), bare: createAt(bare.url) });
  return { what: 'POST /v1/jobs', unit: 'requests/s', comparison, target: { ratioMin: 0.6 } };
}

async function measureRead({ redis, redisUrl }: Surroundings, apiUrl: string): Promise<Measurement> {
  await using bare = await startBaseline('read', redisUrl);
  await redis.flushall();
  const job = await call(`${apiUrl}/v1/jobs`, { method: 'POST', body: newJobBody() });
  // The fields of the job on the wire, so that both sides read and send about the same.
  const fields = Object.entries(job).map(([name, value]) => [name, JSON.stringify(value)]);
  await redis.hset(`bare:${job.id}`, Object.fromEntries(fields));
  const readAt = (url: string) => () =>
    requestsPerSecond({ method: 'GET', url: `${url}/v1/jobs/${job.id}` }, secondsPerRound);
  console.log(`GET /v1/jobs/{id}: ${rounds} rounds of ${secondsPerRound} s on each side …`);
  const comparison = await takeTurns(rounds, { ours: readAt(apiUrl), bare: readAt(bare.url) });
  return { what: 'GET /v1/jobs/{id}', unit: 'requests/s', comparison, target: { ratioMin: 0.7 } };
}
