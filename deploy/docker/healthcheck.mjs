/**
 * Health of the container, whatever its role. With an HTTP port: the process answers. A worker has none: its heartbeat is
 * looked for in Redis. What is wrong is what `docker inspect` shows.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Docker gives up after 5 s; what is wrong should be said before. */
const timeoutMs = 4_000;

const { PORT: port = '8080', REDIS_URL: redisUrl = '' } = process.env;
// The role is an argument of the first process of the container, with or without an init in front of it.
const isWorker = /\bworker\b/.test(readFileSync('/proc/1/cmdline', 'latin1').replaceAll('\0', ' '));

try {
  await (isWorker ? workerIsAlive() : apiAnswers());
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

async function apiAnswers() {
  const url = `http://127.0.0.1:${port}/healthz`;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

async function workerIsAlive() {
  const [{ openLedger }, { connectRedis, untilReady }] = await Promise.all([
    import('@video-proxy/ledger'),
    import('@video-proxy/redis'),
  ]);
  const connect = () => connectRedis(redisUrl, { role: 'request', onError: () => undefined });
  const redis = connect();
  await untilReady(redis, timeoutMs);
  const ledger = openLedger({ redis, subscriber: connect, namespace: 'vp' });
  const workers = await ledger.workers.list(Date.now());
  const isHere = workers.some(({ id }) => id.startsWith(`${hostname()}.`));
  if (!isHere) throw new Error('the worker of this container has sent no heartbeat to Redis lately');
}
