/**
 * Connections to Redis. One address says what is there (a server, a Cluster, Sentinels, a socket file), and one of three
 * roles says how patient the connection is: a request to a person fails within two seconds, a worker waits for ever.
 * Every role reconnects on its own until it is closed.
 */
export { withoutCommand } from './command-privacy.ts';
export {
  closeRedis,
  connectRedis,
  type RedisConnection,
  RedisNotReadyError,
  type RedisRole,
  untilReady,
} from './connection.ts';
export { connectWithReports, type OutageReports } from './outages.ts';
export { isRedisUnavailable } from './unavailable.ts';
export { parseRedisUrl, type RedisTarget, RedisUrlError } from './url.ts';
