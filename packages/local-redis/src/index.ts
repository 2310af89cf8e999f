/**
 * A private Redis for this machine: found on PATH, in Docker or installed by the bootstrap, started on a directory of
 * ours behind a unix socket, and gone when we are. A Redis that somebody else runs is never touched.
 *
 * The files under `redis-server/` and `process-lock.mjs` are plain JavaScript because the bootstrap needs them on a
 * Node that cannot run TypeScript yet.
 */
export { LocalRedisError, type LocalRedisErrorCode } from './local-redis-error.ts';
export { findDockerImage, findOrPullDockerImage } from './redis-server/docker.mjs';
export { findRedisServer, type RedisServer } from './redis-server/find.mjs';
export type { Persistence } from './redis-settings.ts';
export { type LocalRedis, type LocalRedisOptions, startLocalRedis } from './start-local-redis.ts';
export { watchOver } from './watchdog.mjs';
