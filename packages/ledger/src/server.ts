import type { Persistence, StoreLoad } from '@video-proxy/core';
import { isRedisUnavailable } from '@video-proxy/redis';
import { Cluster } from 'ioredis';
import type { LedgerTools, RedisConnection } from './scripts.ts';

/** What the server with the ledger carries, and how many keys it has evicted since it started. */
export interface ServerLoad extends StoreLoad {
  readonly evictedKeys: number;
}

/** Words by which a server refuses every write; any other is about this one command, which an operator may have forbidden. */
const refusalsOfWrites = new Set(['MISCONF', 'NOREPLICAS', 'OOM', 'READONLY']);

/** One round trip. */
export async function loadOf({ redis, scripts, keys }: LedgerTools): Promise<ServerLoad> {
  const [waitingJobs, refusal, text] = await scripts.server(
    [keys.state('queued'), keys.neverThere],
    ['memory', 'stats'],
  );
  const [word = ''] = refusal.split(' ', 1);
  // A refusal inside a script does not reach the connection, which would look for the master again.
  if (word === 'READONLY') redis.lpushx(keys.neverThere, '').catch(() => undefined);
  const used = numberIn(text, 'used_memory');
  // What Redis itself leaves out when it compares with the limit.
  const uncounted = numberIn(text, 'mem_not_counted_for_evict') ?? 0;
  const limit = numberIn(text, 'maxmemory');
  return {
    waitingJobs,
    writesRefused: refusalsOfWrites.has(word) ? word : null,
    usedMemoryBytes: used === null ? null : used - uncounted,
    memoryMaxBytes: limit === 0 ? null : limit,
    evictedKeys: numberIn(text, 'evicted_keys') ?? 0,
  };
}

/** Of all masters of a Cluster together: a slot may move to any of them. */
export async function persistenceOf(redis: RedisConnection): Promise<Persistence> {
  // A Cluster that has not answered yet has no nodes, and must not be taken for one without a flaw.
  if (redis instanceof Cluster) await redis.ping();
  const servers = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const all = await Promise.all(servers.map(onePersistence));
  const policies = all.map(({ maxmemoryPolicy }) => maxmemoryPolicy);
  const appendOnly = all.map((one) => one.appendOnly);
  return {
    appendOnly: appendOnly.includes(false) ? false : appendOnly.includes(null) ? null : true,
    maxmemoryPolicy:
      policies.find((policy) => policy !== null && policy !== 'noeviction') ??
      (policies.includes(null) ? null : 'noeviction'),
  };
}

async function onePersistence(server: RedisConnection): Promise<Persistence> {
  const information = await server.info().catch((error: Error) => {
    // Some hosted servers forbid the command.
    if (error.name === 'ReplyError' && !isRedisUnavailable(error)) return '';
    throw error;
  });
  const appendOnly = numberIn(information, 'aof_enabled');
  return {
    appendOnly: appendOnly === null ? null : appendOnly === 1,
    maxmemoryPolicy: /^maxmemory_policy:(\S+)/m.exec(information)?.[1] ?? null,
  };
}

function numberIn(information: string, name: string): number | null {
  const digits = new RegExp(`^${name}:(\\d+)`, 'm').exec(information)?.[1];
  return digits === undefined ? null : Number(digits);
}
