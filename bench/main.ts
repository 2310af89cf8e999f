/**
 * `npm run bench`: what the guarantees cost. The service is measured against servers that do the least possible with the
 * same libraries, in turns, on the same Redis, in one run: ratios say something on any machine, single numbers do not.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@video-proxy/local-redis';
import { Redis } from 'ioredis';
import { measureFiles } from './files.ts';
import { measureMcp } from './mcp.ts';
import { measureMemory } from './memory.ts';
import { measureOps } from './ops.ts';
import { measurePolls } from './polls.ts';
import { type Measurement, saveResults, tableOf } from './results.ts';
import { measureStart } from './start.ts';
import { measureStreams } from './streams.ts';
import { measureThroughput } from './throughput.ts';
import { measureTurns } from './turns.ts';

await using opened = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-bench-'));
opened.defer(() => rm(dataDir, { recursive: true, force: true }));
const server = opened.use(
  await startLocalRedis({ dataDir: join(dataDir, 'redis'), persistence: 'append-only', env: process.env }),
);
const redis = opened.adopt(new Redis(new URL(server.url).pathname), (connection) => connection.disconnect());
const surroundings = { redis, redisUrl: server.url, dataDir: join(dataDir, 'service') };

const parts: Readonly<Record<string, (where: typeof surroundings) => Promise<Measurement[]>>> = {
  requests: measureThroughput,
  memory: measureMemory,
  start: measureStart,
  files: measureFiles,
  polls: measurePolls,
  turns: measureTurns,
  streams: measureStreams,
  mcp: measureMcp,
  ops: measureOps,
};

const words = process.argv.slice(2);
const wanted = words.filter((word) => !word.startsWith('--'));
const unknown = wanted.filter((word) => !Object.hasOwn(parts, word));
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);

const measurements: Measurement[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) measurements.push(...(await measure(surroundings)));
}
console.log(`\n${tableOf(measurements)}`);
if (words.includes('--save')) await saveResults(measurements);
