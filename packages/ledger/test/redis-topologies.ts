import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer } from '@video-proxy/local-redis';
import { type SpawnedProcess, spawnProcess } from '@video-proxy/testkit';
import { Redis } from 'ioredis';
import { expect, onTestFinished } from 'vitest';

const slotCount = 16_384;

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
    await expect.poll(state, { timeout: 10_000 }).toMatch(/cluster_state:ok.*cluster_known_nodes:3/s);
  }
  return `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
}

/** One master and one Sentinel that knows it. @returns the address to give to a client */
export async function startSentinel(): Promise<string> {
  const [masterPort, sentinelPort] = [await freePort(), await freePort()];
  await startServer(masterPort, []);
  const directory = await temporaryDirectory();
  // A Sentinel keeps its state in its own settings file, so it has to have one.
  const settings = join(directory, 'sentinel.conf');
  await writeFile(settings, `sentinel monitor main 127.0.0.1 ${masterPort} 1\n`);
  await startServer(sentinelPort, ['--sentinel'], settings);
  return `redis+sentinel://127.0.0.1:${sentinelPort}/main`;
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
