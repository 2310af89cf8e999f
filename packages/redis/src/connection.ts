import type { Writable } from 'node:stream';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { parseRedisUrl, type RedisTarget } from './url.ts';

export type RedisConnection = Redis | Cluster;

/**
 * How patient a connection is.
 *
 * - `request`: somebody waits for the answer. Commands fail at once while Redis is away, and after 1.5 s at the latest.
 * - `blocking`: a worker. Commands wait until Redis is back, as long as it takes (BullMQ insists on this).
 * - `subscriber`: pub/sub; subscriptions come back by themselves after a reconnect.
 */
export type RedisRole = 'request' | 'blocking' | 'subscriber';

const requestTimeoutMs = 1_500;
const connectTimeoutMs = 5_000;
const reconnectPauseMs = (tries: number): number => Math.min(1_000, 25 * 2 ** Math.min(tries, 6));

/**
 * Opens a connection and returns at once; it goes on trying until it is closed. `untilReady` waits for it.
 *
 * @param onError every connection error; without a listener ioredis prints them, or ends the process
 * @throws RedisUrlError
 */
export function connectRedis(
  url: string,
  { role, onError }: { role: RedisRole; onError: (error: Error) => void },
): RedisConnection {
  const target = parseRedisUrl(url);
  const redis =
    target.kind === 'cluster'
      ? new Cluster([...target.nodes], clusterOptions(target, role))
      : new Redis({ ...addressOf(target), ...behaviourOf(role), retryStrategy: reconnectPauseMs });
  redis.on('error', onError);
  if (role !== 'subscriber') batchWrites(redis);
  return redis;
}

/**
 * Sends what one turn of the event loop writes in one piece. The commands of many simultaneous requests then cost one
 * system call instead of one each: a sixth of the time of a small read and most of the time that Redis spends on it
 * (measured; ioredis' own pipelining saves as much on reads, and costs more than that on scripts). A worker that moves
 * thousands of steps on saves as well.
 */
function batchWrites(redis: RedisConnection): void {
  if (redis instanceof Cluster) redis.on('+node', batchWrites);
  else redis.on('connect', () => batchWritesTo(redis.stream));
}

function batchWritesTo(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let isHeld = false;
  const release = () => {
    isHeld = false;
    stream.uncork();
  };
  stream.write = (...args: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      setImmediate(release);
    }
    return write(...args);
  };
}

export class RedisNotReadyError extends Error {
  override readonly name = 'RedisNotReadyError';
}

/**
 * Resolves when commands can be sent.
 *
 * @throws RedisNotReadyError when that has not happened after `timeoutMs`, with the last reason
 */
export async function untilReady(redis: RedisConnection, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let reason = 'no answer';
  const onError = (error: Error) => {
    reason = error.message;
  };
  const timer = setTimeout(
    () => reject(new RedisNotReadyError(`Redis was not ready within ${timeoutMs} ms: ${reason}`)),
    timeoutMs,
  );
  redis.once('ready', resolve).on('error', onError);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    redis.off('ready', resolve).off('error', onError);
  }
}

/** Lets commands in flight finish for at most `timeoutMs`, then cuts the connection. Never rejects. */
export async function closeRedis(redis: RedisConnection, timeoutMs = 1_000): Promise<void> {
  if (redis.status === 'ready') {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    redis.quit().then(
      () => resolve(),
      () => resolve(),
    );
    await promise;
    clearTimeout(timer);
  }
  redis.disconnect();
}

type Options = Omit<RedisOptions, 'replyMapping'>;

function behaviourOf(role: RedisRole): Options {
  const shared: Options = {
    connectTimeout: connectTimeoutMs,
    // After a failover the old master answers READONLY: 2 means reconnect, then send the command again.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
  switch (role) {
    case 'request':
      // One try more after a dropped connection is safe: the ledger recognises a repeated write, BullMQ a repeated id.
      return { ...shared, maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: requestTimeoutMs };
    case 'blocking':
    case 'subscriber':
      return { ...shared, maxRetriesPerRequest: null };
  }
}

function clusterOptions(target: Extract<RedisTarget, { kind: 'cluster' }>, role: RedisRole) {
  const { enableOfflineQueue = true, ...redisOptions } = behaviourOf(role);
  return {
    redisOptions: { ...accessOf(target), ...redisOptions },
    enableOfflineQueue,
    clusterRetryStrategy: reconnectPauseMs,
    slotsRefreshTimeout: requestTimeoutMs,
    // A command that meets a dead or moving node is repeated: about 1.2 s for a request, half a minute for a worker.
    maxRedirections: role === 'request' ? 6 : 150,
    retryDelayOnFailover: 200,
    retryDelayOnClusterDown: 200,
    // With TLS the name must survive, because the certificate is made out to it and not to an address.
    ...(target.tls
      ? { dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host) }
      : {}),
  } satisfies ClusterOptions;
}

function addressOf(target: Exclude<RedisTarget, { kind: 'cluster' }>): Options {
  const access = { ...accessOf(target), db: target.db };
  switch (target.kind) {
    case 'server':
      return { ...access, host: target.host, port: target.port };
    case 'socket':
      return { ...access, path: target.path };
    case 'sentinel':
      return {
        ...access,
        sentinels: [...target.sentinels],
        name: target.name,
        sentinelRetryStrategy: reconnectPauseMs,
      };
  }
}

function accessOf(target: RedisTarget): Options {
  return {
    ...(target.username === null ? {} : { username: target.username }),
    ...(target.password === null ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
  };
}
