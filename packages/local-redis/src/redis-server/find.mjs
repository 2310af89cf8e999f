import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDockerImage } from './docker.mjs';

/**
 * @typedef {{ kind: 'binary', path: string }
 *   | { kind: 'docker', image: string }
 *   | { kind: 'missing', reason: string }} RedisServer
 */

/** Where the bootstrap puts a redis-server of our own: inside the checkout, so that deleting the checkout deletes it. */
export const PRIVATE_REDIS_DIR = fileURLToPath(new URL('../../../../.cache/redis/', import.meta.url));

/**
 * Looks only, installs nothing: PATH, then what the bootstrap installed privately, then a local Docker image.
 *
 * @param {{ env: NodeJS.ProcessEnv, privateDir?: string }} options `env` decides PATH and the Docker daemon
 * @returns {Promise<RedisServer>}
 */
export async function findRedisServer({ env, privateDir = PRIVATE_REDIS_DIR }) {
  const path = findRedisBinary({ env, privateDir });
  if (path !== undefined) return { kind: 'binary', path };
  const docker = await findDockerImage({ env });
  if (docker.kind === 'image') return { kind: 'docker', image: docker.image };
  return { kind: 'missing', reason: `There is no redis-server on PATH, and ${docker.reason}.` };
}

/**
 * The part of the search that costs a few stat calls and no process.
 *
 * @param {{ env: NodeJS.ProcessEnv, privateDir?: string }} options
 * @returns {string | undefined} absolute path
 */
export function findRedisBinary({ env, privateDir = PRIVATE_REDIS_DIR }) {
  const ours = join(privateDir, 'redis-server');
  return findOnPath('redis-server', env) ?? (isExecutable(ours) ? ours : undefined);
}

/**
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function findOnPath(program, env) {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => join(dir, program))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
