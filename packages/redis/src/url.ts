export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: boolean;
}

/** What an address stands for. */
export type RedisTarget =
  | (Access & HostAndPort & { readonly kind: 'server'; readonly db: number })
  | (Access & { readonly kind: 'socket'; readonly path: string; readonly db: number })
  | (Access & { readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[] })
  | (Access & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostAndPort[];
      readonly name: string;
      readonly db: number;
    });

/** A wrong address. The message names the flaw and never repeats the address: it may hold a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
}

const forms =
  'redis://host:port, rediss://host:port, redis://host:port,host:port (Cluster), redis+sentinel://host:port,host:port/name, unix:///path';

/**
 * Reads a Redis address.
 *
 * - `redis://[user:password@]host[:port][/db]`, with TLS `rediss://`
 * - the same with several comma-separated hosts: a Cluster (database 0 only)
 * - `redis+sentinel://[user:password@]host[:port],…/name[?db=]`: user and password are those of the data servers
 * - `unix://[user:password@]/path[?db=]`
 *
 * @throws RedisUrlError
 */
export function parseRedisUrl(text: string): RedisTarget {
  const match = /^([a-z+]+):\/\/(?:([^@]*)@)?([^/?@]*)([^?]*)(?:\?(.*))?$/i.exec(text.trim());
  if (match === null) throw new RedisUrlError(`The Redis address is not a URL; possible forms: ${forms}`);
  const [, scheme = '', userInfo, hosts = '', path = '', query = ''] = match;
  const access = { ...credentialsOf(userInfo), tls: scheme.toLowerCase() === 'rediss' };
  switch (scheme.toLowerCase()) {
    case 'redis':
    case 'rediss':
      return serverOrCluster(hosts, path.slice(1), access);
    case 'redis+sentinel':
      return sentinel(hosts, path.slice(1), query, access);
    case 'unix':
      if (hosts !== '' || path.length < 2) throw new RedisUrlError('A unix:// address has the form unix:///path');
      return { kind: 'socket', path: decoded(path, 'path'), db: databaseOf(query), ...access };
    default:
      throw new RedisUrlError(`The Redis address has an unknown scheme; possible forms: ${forms}`);
  }
}

function serverOrCluster(hosts: string, database: string, access: Access): RedisTarget {
  const nodes = hostsOf(hosts, 6379);
  const db = databaseNumber(database);
  const [first] = nodes;
  if (nodes.length === 1 && first !== undefined) return { kind: 'server', ...first, db, ...access };
  if (db !== 0) throw new RedisUrlError('A Redis Cluster has only database 0');
  return { kind: 'cluster', nodes, ...access };
}

function sentinel(hosts: string, name: string, query: string, access: Access): RedisTarget {
  if (name === '') throw new RedisUrlError('A redis+sentinel:// address ends in the name of the master: …/name');
  return {
    kind: 'sentinel',
    sentinels: hostsOf(hosts, 26379),
    name: decoded(name, 'name of the master'),
    db: databaseOf(query),
    ...access,
  };
}

function hostsOf(text: string, defaultPort: number): HostAndPort[] {
  return text.split(',').map((part) => {
    // IPv6 addresses stand in brackets; without a port the default of the kind applies.
    const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(part.trim());
    const port = Number(match?.[3] ?? defaultPort);
    const host = match?.[1] ?? match?.[2];
    if (host === undefined || port < 1 || port > 65_535) {
      throw new RedisUrlError('The Redis address has a host that is not host, host:port or [ipv6]:port');
    }
    return { host, port };
  });
}

function credentialsOf(userInfo: string | undefined): Pick<Access, 'username' | 'password'> {
  if (userInfo === undefined) return { username: null, password: null };
  const colon = userInfo.indexOf(':');
  const username = decoded(colon === -1 ? userInfo : userInfo.slice(0, colon), 'user');
  const password = colon === -1 ? '' : decoded(userInfo.slice(colon + 1), 'password');
  return { username: username === '' ? null : username, password: password === '' ? null : password };
}

function databaseOf(query: string): number {
  return databaseNumber(new URLSearchParams(query).get('db') ?? '');
}

function databaseNumber(text: string): number {
  if (!/^\d{0,4}$/.test(text)) throw new RedisUrlError('The database of the Redis address is not a number');
  return Number(text);
}

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError(`The ${part} of the Redis address is not percent-encoded correctly`);
  }
}
