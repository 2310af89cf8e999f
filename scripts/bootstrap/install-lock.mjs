import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acquireProcessLock } from '../../packages/local-redis/src/process-lock.mjs';
import { Refusal } from './refusal.mjs';

const LOCK_NAME = '.bootstrap.lock';
const WAIT_MAX_MS = 600_000;
const LOOK_INTERVAL_MS = 250;

/**
 * Two bootstraps at once would delete each other's node_modules: the second waits for the first, unless that has died.
 *
 * @param {{ root: string, say: (line: string) => void }} options
 * @param {() => Promise<void>} install
 */
export async function withInstallLock({ root, say }, install) {
  const path = join(root, LOCK_NAME);
  const startedMs = performance.now();
  let lock = await acquireProcessLock(path);
  if (lock.kind !== 'acquired') say('another bootstrap is installing; waiting for it');
  while (lock.kind !== 'acquired') {
    if (performance.now() - startedMs > WAIT_MAX_MS) {
      throw new Refusal(`Another bootstrap holds ${path} for too long. Remove that file if none is running.`);
    }
    await delay(LOOK_INTERVAL_MS);
    lock = await acquireProcessLock(path);
  }
  try {
    await install();
  } finally {
    lock.release();
  }
}
