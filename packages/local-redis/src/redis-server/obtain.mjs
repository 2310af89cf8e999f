import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installFromDebian, linkServerInDisguise } from './apt.mjs';
import { findOrPullDockerImage } from './docker.mjs';
import { findOnPath, findRedisBinary, PRIVATE_REDIS_DIR } from './find.mjs';
import { installFromHomebrew } from './homebrew.mjs';

const HOW_TO_HELP =
  'Install Redis 6.2 or newer so that redis-server is on PATH (Debian: apt-get install redis-server, ' +
  'macOS: brew install redis), start Docker, or set REDIS_URL to a Redis that runs already.';

/**
 * Finds a redis-server, or gets one: PATH, then what an earlier run installed, then Docker, then the package manager.
 *
 * @param {{ env: NodeJS.ProcessEnv, mayInstall: boolean, say: (line: string) => void, privateDir?: string }} options
 *   `say` gets one line for each thing that changes this machine
 * @returns {Promise<import('./find.mjs').RedisServer>}
 */
export async function obtainRedisServer({ env, mayInstall, say, privateDir = PRIVATE_REDIS_DIR }) {
  const path = findRedisBinary({ env, privateDir });
  if (path !== undefined) return { kind: 'binary', path };
  const inDisguise = await linkServerInDisguise({ env, privateDir });
  if (inDisguise.kind === 'installed') return { kind: 'binary', path: inDisguise.path };
  if (!mayInstall) return { kind: 'missing', reason: `There is no redis-server on PATH. ${HOW_TO_HELP}` };

  say('there is no redis-server on PATH');
  const docker = await findOrPullDockerImage({ env, say });
  if (docker.kind === 'image') return { kind: 'docker', image: docker.image };
  say(docker.reason);

  const installed = await install({ env, say, privateDir });
  if (installed.kind === 'installed') return { kind: 'binary', path: installed.path };
  return { kind: 'missing', reason: `No redis-server can be had here: ${installed.reason}. ${HOW_TO_HELP}` };
}

/** @param {import('./apt.mjs').InstallOptions} options */
async function install(options) {
  if (findOnPath('apt-get', options.env) !== undefined) return installFromDebian(options);
  if (findOnPath('brew', options.env) === undefined) {
    return { kind: /** @type {const} */ ('failed'), reason: 'there is neither apt-get nor Homebrew' };
  }
  const installed = await installFromHomebrew(options);
  if (installed.kind === 'installed') linkPrivately(installed.path, options.privateDir);
  return installed;
}

/**
 * Homebrew's directory need not be on PATH.
 *
 * @param {string} program
 * @param {string} privateDir
 */
function linkPrivately(program, privateDir) {
  mkdirSync(privateDir, { recursive: true });
  const path = join(privateDir, 'redis-server');
  rmSync(path, { force: true });
  symlinkSync(program, path);
}
