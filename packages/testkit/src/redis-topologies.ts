import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer } from '@video-proxy/local-redis';
import { Redis } from 'ioredis';
import { expect, onTestFinished, vi } from 'vitest';
import { freePort } from './free-port.ts';
import { type SpawnedProcess, spawnProcess } from './spawned-process.ts';

const slotCount = 16_384;
const primaryCount = 3;
/** The nodes of a Cluster talk to each other on the port this far above that of their clients. */
const busOffset = 10_000;
/** All keys of the programs have its hash tag, and so stand on one node. */
const programsKey = '{vp}:';
const readyMs = 10_000;

/** Several servers that clients see as one. */
export interface RedisTopology extends AsyncDisposable {
  /** The address to give to a client. */
  readonly url: string;
  /** Kills the server that takes the writes; another one takes its place within seconds. */
  killPrimary(): Promise<void>;
  /** Makes the replicas fall behind, or lets them go on. */
  stallReplicas(): void;
  resumeReplicas(): void;
}

/** Whether this machine has the program itself; in Docker a server can be neither killed nor put together with others. */
export async function hasRedisServerProgram(): Promise<boolean> {
  return (await findRedisServer({ env: process.env })).kind === 'binary';
}

/** Three primaries that share the slots, each with a replica. */
export async function startCluster(): Promise<RedisTopology> {
  await using opening = new AsyncDisposableStack();
  const ports: number[] = [];
  while (ports.length < 2 * primaryCount) ports.push(await freePort(busOffset));
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--repl-diskless-sync-delay', '0'];
  const servers = await Promise.all(ports.map((port) => startServer(port, options)));
  for (const server of servers) opening.use(server);
  const nodes = servers.map(({ client }) => client);
  const primaries = nodes.slice(0, primaryCount);
  for (const [index, node] of nodes.entries()) {
    await node.cluster('SET-CONFIG-EPOCH', index + 1);
    await node.cluster('MEET', '127.0.0.1', ports[0] ?? 0);
  }
  const share = Math.ceil(slotCount / primaryCount);
  for (const [index, node] of primaries.entries()) {
    const first = index * share;
    const slots = Array.from({ length: Math.min(share, slotCount - first) }, (_, offset) => first + offset);
    await node.cluster('ADDSLOTS', slots);
  }
  await untilAll(nodes, async (node) => String(await node.cluster('INFO')), /cluster_known_nodes:6/);
  for (const [index, primary] of primaries.entries()) {
    const id = String(await primary.cluster('MYID'));
    await nodes[index + primaryCount]?.cluster('REPLICATE', id);
  }
  await untilAll(nodes.slice(primaryCount), (node) => node.info('replication'), /master_link_status:up/);
  await untilAll(nodes, async (node) => String(await node.cluster('INFO')), /cluster_state:ok/);
  const slot = Number(await nodes[0]?.cluster('KEYSLOT', programsKey));
  const opened = opening.move();
  return {
    url: `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    killPrimary: () => kill(servers[Math.floor(slot / share)]),
    ...stalling(servers.slice(primaryCount)),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** A primary, a replica, and one Sentinel that makes the second the first within seconds. */
export async function startSentinel(): Promise<RedisTopology> {
  await using opening = new AsyncDisposableStack();
  const [primaryPort, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
  const primary = opening.use(await startServer(primaryPort, ['--repl-diskless-sync-delay', '0']));
  const replica = opening.use(
    await startServer(replicaPort, [
      '--repl-diskless-sync-delay',
      '0',
      '--replicaof',
      '127.0.0.1',
      String(primaryPort),
    ]),
  );
  // A Sentinel learns of replicas when it looks at a primary first, and then not for ten seconds.
  await untilAll([replica.client], (client) => client.info(), /master_link_status:up/);
  const directory = await mkdtemp(join(tmpdir(), 'video-proxy-sentinel-'));
  opening.defer(() => rm(directory, { recursive: true, force: true }));
  // A Sentinel keeps its state in its own settings file, so it has to have one.
  const settings = join(directory, 'sentinel.conf');
  const lines = [
    `sentinel monitor main 127.0.0.1 ${primaryPort} 1`,
    'sentinel down-after-milliseconds main 1000',
    'sentinel failover-timeout main 5000',
  ];
  await writeFile(settings, `${lines.join('\n')}\n`);
  const sentinel = opening.use(await startServer(sentinelPort, ['--sentinel'], settings));
  const replicas = async (client: Redis) => String(await client.call('SENTINEL', 'replicas', 'main'));
  await untilAll([sentinel.client], replicas, new RegExp(String(replicaPort)));
  const opened = opening.move();
  return {
    url: `redis+sentinel://127.0.0.1:${sentinelPort}/main`,
    killPrimary: () => kill(primary),
    ...stalling([replica]),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function untilAll(clients: readonly Redis[], read: (client: Redis) => Promise<string>, pattern: RegExp) {
  await vi.waitFor(
    async () => {
      for (const client of clients) expect(await read(client)).toMatch(pattern);
    },
    { timeout: readyMs, interval: 50 },
  );
}

function stalling(replicas: readonly RedisServer[]): Pick<RedisTopology, 'stallReplicas' | 'resumeReplicas'> {
  const signal = (name: NodeJS.Signals) => {
    for (const { process } of replicas) process.signal(name);
  };
  return { stallReplicas: () => signal('SIGSTOP'), resumeReplicas: () => signal('SIGCONT') };
}

async function kill(server: RedisServer | undefined): Promise<void> {
  server?.process.signal('SIGKILL');
  await server?.process.exited;
}

export interface Replicated {
  readonly url: string;
  readonly primary: Redis;
  readonly replica: SpawnedProcess;
  /** Kills both and starts another server, without a replica, in the place of the primary. */
  replaceByOne(): Promise<void>;
}

/** A primary, and a replica of it that is in step. They end with the test. */
export async function startReplicated(options: readonly string[] = []): Promise<Replicated> {
  const [primaryPort, replicaPort] = [await freePort(), await freePort()];
  const { client: primary, process: server } = await startServerOfTest(primaryPort, [
    '--repl-diskless-sync-delay',
    '0',
    ...options,
  ]);
  const { process: replica } = await startServerOfTest(replicaPort, ['--replicaof', '127.0.0.1', String(primaryPort)]);
  await expect.poll(() => primary.info('replication'), { timeout: 10_000 }).toContain('state=online');
  const replaceByOne = async () => {
    for (const process of [replica, server]) {
      process.signal('SIGKILL');
      await process.exited;
    }
    await startServerOfTest(primaryPort, []);
  };
  return { url: `redis://127.0.0.1:${primaryPort}`, primary, replica, replaceByOne };
}

interface RedisServer extends AsyncDisposable {
  readonly client: Redis;
  readonly process: SpawnedProcess;
}

async function startServerOfTest(port: number, options: readonly string[]): Promise<RedisServer> {
  const server = await startServer(port, options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

async function startServer(port: number, options: readonly string[], settings?: string): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'video-proxy-redis-'));
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const args = [...(settings === undefined ? ['--save', ''] : [settings]), ...where, ...options];
  const process = await spawnProcess({ command: await redisServerProgram(), args });
  const client = new Redis({ port, host: '127.0.0.1' });
  client.on('error', () => {});
  const end = async () => {
    client.disconnect();
    process.signal('SIGKILL');
    await process.exited;
    await rm(directory, { recursive: true, force: true });
  };
  await client.ping();
  return { client, process, [Symbol.asyncDispose]: end };
}

async function redisServerProgram(): Promise<string> {
  const found = await findRedisServer({ env: process.env });
  if (found.kind !== 'binary') throw new Error('there is no redis-server program on this machine');
  return found.path;
}
