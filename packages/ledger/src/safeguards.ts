import { Cluster } from 'ioredis';
import type { LedgerTools } from './scripts.ts';

/** What can be waited for at the server that holds the ledger, so that a write survives it. */
export interface Safeguards {
  /** A replica follows it. */
  readonly replica: boolean;
  /** Its append-only file reaches the disk once a second, and it tells when (Redis 7.2). */
  readonly disk: boolean;
}

const diskSince: readonly [major: number, minor: number] = [7, 2];

export async function safeguardsOf(tools: LedgerTools): Promise<Safeguards> {
  const { scripts, keys } = tools;
  const [, , text] = await scripts.server(
    [keys.state('queued'), keys.neverThere],
    ['server', 'replication', 'persistence'],
  );
  const tellsOfDisk = isSince(diskSince, /^redis_version:(\d+)\.(\d+)/m.exec(text)) && /^aof_enabled:1/m.test(text);
  return {
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
