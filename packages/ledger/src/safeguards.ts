import { Cluster } from 'ioredis';
import type { LedgerTools } from './scripts.ts';

/** What can be waited for at the server that holds the ledger, so that a write survives it. */
export interface Safeguards {
  /** Which server this is about: another one after a failover or a restart. */
  readonly server: string;
  /** A replica follows it. */
  readonly replica: boolean;
  /** Its append-only file reaches the disk once a second, and it tells when (Redis 7.2). */
  readonly disk: boolean;
}

/** Replicas come and go seldom, and a failed wait looks at once. */
const safeguardsMaxAgeMs = 10_000;
/**
 * A server that has just lost its last replica may be about to lose its office as well, to that replica. Only after this
 * time, longer than a failover usually takes, is it taken to be alone.
 */
const aloneAfterMs = 60_000;

const diskSince: readonly [major: number, minor: number] = [7, 2];

async function safeguardsOf(tools: LedgerTools): Promise<Safeguards> {
  const { scripts, keys } = tools;
  const [, , text] = await scripts.server(
    [keys.state('queued'), keys.neverThere],
    ['server', 'replication', 'persistence'],
  );
  const tellsOfDisk = isSince(diskSince, /^redis_version:(\d+)\.(\d+)/m.exec(text)) && /^aof_enabled:1/m.test(text);
  return {
    server: /^run_id:(\w+)/m.exec(text)?.[1] ?? '',
    replica: /^slave\d+:.*state=online/m.test(text),
    disk: tellsOfDisk && (await isSyncedEverySecond(tools)),
  };
}

function isSince([major, minor]: readonly [number, number], found: RegExpExecArray | null): boolean {
  const [foundMajor, foundMinor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}

/**
 * With `always` a write is on the disk before its answer comes; with `no` it gets there when the system likes, and waiting
 * for it would stop all submissions. Where the server does not say, it is not waited for either.
 */
async function isSyncedEverySecond({ redis }: LedgerTools): Promise<boolean> {
  const servers = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const policies = await Promise.all(servers.map((server) => server.config('GET', 'appendfsync').catch(() => [])));
  return policies.every((policy) => Array.isArray(policy) && policy[1] === 'everysec');
}

/** Learns them at each connect; in between they are looked up behind the callers' backs, so that a step costs one round trip. */
export function rememberSafeguards(tools: LedgerTools, now: () => number) {
  let last: { readonly safeguards: Safeguards; readonly atMs: number } | null = null;
  let followedServer: string | null = null;
  let aloneSinceMs: number | null = null;

  async function fresh(): Promise<Safeguards> {
    const found = await safeguardsOf(tools);
    const hasLostReplica = !found.replica && found.server === followedServer;
    aloneSinceMs = hasLostReplica ? (aloneSinceMs ?? now()) : null;
    const isStillWaitedFor = aloneSinceMs !== null && now() - aloneSinceMs < aloneAfterMs;
    if (!isStillWaitedFor) followedServer = found.replica ? found.server : null;
    const safeguards = { ...found, replica: found.replica || isStillWaitedFor };
    last = { safeguards, atMs: now() };
    return safeguards;
  }

  const learn = () => void fresh().catch(() => undefined);
  tools.redis.on('ready', learn);
  if (tools.redis.status === 'ready') learn();

  return {
    fresh,
    async recent(): Promise<Safeguards> {
      if (last === null) return fresh();
      if (now() - last.atMs >= safeguardsMaxAgeMs) fresh().catch(() => undefined);
      return last.safeguards;
    },
  };
}
