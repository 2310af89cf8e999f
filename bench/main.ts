/**
 * `npm run bench`: what the guarantees cost. The service is measured against servers that do the least possible with the
 * same libraries, in turns, on the same Redis, in one run: ratios say something on any machine, single numbers do not.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@video-proxy/local-redis';
import { Redis } from 'ioredis';
import { measureMemory } from './memory.ts';
import { type Measurement, saveResults, tableOf } from './results.ts';
import { measureStart } from './start.ts';
import { measureThroughput } from './throughput.ts';

await using opened = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-bench-'));
opened.defer(() => rm(dataDir, { recursive: true, force: true }));
const server = opened.use(
  await startLocalRedis({ dataDir: join(dataDir, 'redis'), persistence: 'append-only', env: process.env }),
);
const redis = opened.adopt(new Redis(new URL(server.url).pathname), (connection) => connection.disconnect());
const surroundings = { redis, redisUrl: server.url, dataDir: join(dataDir, 'service') };

const measurements: Measurement[] = [
  ...(await measureThroughput(surroundings)),
  ...(await measureMemory(surroundings)),
  await measureStart(surroundings),
];
console.log(`\n${tableOf(measurements)}`);
if (process.argv.includes('--save')) await saveResults(measurements);
