import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRedisBinary, PRIVATE_REDIS_DIR } from '../../packages/local-redis/src/redis-server/find.mjs';
import { withInstallLock } from './install-lock.mjs';
import { Refusal } from './refusal.mjs';

/** Says that Docker had an image the last time. Asking the daemon takes longer than everything else here together. */
const DOCKER_MARK = join(PRIVATE_REDIS_DIR, 'runs-in-docker');

/**
 * Makes sure that a redis-server can be started; starting it is the program's own business.
 *
 * @param {import('./packages.mjs').Surroundings} surroundings
 */
export async function ensureRedis({ root, env, mayInstall, say }) {
  if (findRedisBinary({ env }) !== undefined || existsSync(DOCKER_MARK)) return;
  const { obtainRedisServer } = await import('../../packages/local-redis/src/redis-server/obtain.mjs');
  await withInstallLock({ root, say }, async () => {
    const server = await obtainRedisServer({ env, mayInstall, say });
    if (server.kind === 'missing') {
      throw new Refusal(mayInstall ? server.reason : `${server.reason} (NO_INSTALL is set, so nothing was installed.)`);
    }
    if (server.kind === 'docker') {
      mkdirSync(PRIVATE_REDIS_DIR, { recursive: true });
      writeFileSync(DOCKER_MARK, `${server.image}\n`);
    }
    say(server.kind === 'binary' ? `redis-server: ${server.path}` : `redis-server: Docker image ${server.image}`);
  });
}
