import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer } from '@video-proxy/local-redis';
import { Redis } from 'ioredis';
import { expect, onTestFinished } from 'vitest';
import { type SpawnedProcess, spawnProcess } from './spawned-process.ts';

const slotCount = 16_384;
const readyMs = 10_000;

export interface RedisBehindSentinel {
  /** The address to give to a client. */
  readonly url: string;
  /** The server that takes the writes: it can be killed. */
  readonly primary: SpawnedProcess;
}

/** Whether this machine has the program itself; in Docker a server can be neither killed nor put together with others. */
export async function hasRedisServerProgram(): Promise<boolean> {
  return (await findRedisServer({ env: process.env })).kind === 'binary';
}

/** Three masters that share the slots. @returns the address of the Cluster */
export async function startCluster(): Promise<string> {
  const ports = [await freePort(), await freePort(), await freePort()];
  const nodes = await Promise.all(ports.map((port) => startServer(port, ['--cluster-enabled', 'yes'])));
  const share = Math.ceil(slotCount / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const first = index * share;
    const slots = Array.from({ length: Math.min(share, slotCount - first) }, (_, offset) => first + offset);
    await node.cluster('ADDSLOTS', slots);
    await node.cluster('SET-CONFIG-EPOCH', index + 1);
    await node.cluster('MEET', '127.0.0.1', ports[0] ?? 0);
  }
  for (const node of nodes) {
    const state = async () => String(await node.cluster('INFO'));
    await expect.poll(state, { timeout: readyMs }).toMatch(/cluster_state:ok.*cluster_known_nodes:3/s);
  }
  return `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
}

/** A primary, a replica, and one Sentinel that makes the second the first within seconds. */
export async function startSentinel(): Promise<RedisBehindSentinel> {
  const [primaryPort, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
  const { server: primary } = await startServerProcess(primaryPort, []);
  const replica = await startServer(replicaPort, ['--replicaof', '127.0.0.1', String(primaryPort)]);
  // A Sentinel learns of replicas when it looks at a primary first, and then not for ten seconds.
  await expect.poll(() => replica.info(), { timeout: readyMs }).toContain('master_link_status:up');
  const settings = join(await temporaryDirectory(), 'sentinel.conf');
  // A Sentinel keeps its state in its own settings file, so it has to have one.
  const lines = [
    `sentinel monitor main 127.0.0.1 ${primaryPort} 1`,
    'sentinel down-after-milliseconds main 1000',
    'sentinel failover-timeout main 5000',
  ];
  await writeFile(settings, `${lines.join('\n')}\n`);
  const sentinel = await startServer(sentinelPort, ['--sentinel'], settings);
  const replicas = async () => String(await sentinel.call('SENTINEL', 'replicas', 'main'));
  await expect.poll(replicas, { timeout: readyMs }).toContain(String(replicaPort));
  return { url: `redis+sentinel://127.0.0.1:${sentinelPort}/main`, primary };
}

export interface Replicated {
  readonly url: string;
  readonly primary: Redis;
  readonly replica: SpawnedProcess;
  /** Kills both and starts another server, without a replica, in the place of the primary. */
  replaceByOne(): Promise<void>;
}

/** A primary, and a replica of it that is in step. */
export async function startReplicated(options: readonly string[] = []): Promise<Replicated> {
  const [primaryPort, replicaPort] = [await freePort(), await freePort()];
  const { client: primary, server } = await startServerProcess(primaryPort, [
    '--repl-diskless-sync-delay',
    '0',
    ...options,
  ]);
  const { server: replica } = await startServerProcess(replicaPort, ['--replicaof', '127.0.0.1', String(primaryPort)]);
  await expect.poll(() => primary.info('replication'), { timeout: 10_000 }).toContain('state=online');
  const replaceByOne = async () => {
    for (const process of [replica, server]) {
      process.signal('SIGKILL');
      await process.exited;
    }
    await startServerProcess(primaryPort, []);
  };
  return { url: `redis://127.0.0.1:${primaryPort}`, primary, replica, replaceByOne };
}

async function startServer(port: number, options: readonly string[], settings?: string): Promise<Redis> {
  return (await startServerProcess(port, options, settings)).client;
}

async function startServerProcess(port: number, options: readonly string[], settings?: string) {
  const directory = await temporaryDirectory();
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const args = [...(settings === undefined ? ['--save', ''] : [settings]), ...where, ...options];
  const server = await spawnProcess({ command: await redisServerProgram(), args });
  const client = new Redis({ port, host: '127.0.0.1' });
  client.on('error', () => {});
  onTestFinished(async () => {
    client.disconnect();
    server.signal('SIGKILL');
    await server.exited;
  });
  await client.ping();
  return { client, server };
}

async function redisServerProgram(): Promise<string> {
  const found = await findRedisServer({ env: process.env });
  if (found.kind !== 'binary') throw new Error('there is no redis-server program on this machine');
  return found.path;
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'video-proxy-redis-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The nodes of a Cluster talk to each other on the port 10,000 above that of their clients, so both have to be free. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
