import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acquireProcessLock } from '../../packages/local-redis/src/process-lock.mjs';
import { Refusal } from './refusal.mjs';

const LOCK_NAME = '.bootstrap.lock';
const WAIT_MAX_MS = 600_000;
const LOOK_INTERVAL_MS = 250;
/** A holder in another container cannot be looked up, so every holder shows that it is alive. */
const SIGN_OF_LIFE_MS = 2_000;
const DEAD_AFTER_MS = 20_000;

/**
 * Two bootstraps at once would delete each other's node_modules: the second waits for the first, unless that has died.
 *
 * @param {{ root: string, say: (line: string) => void }} options
 * @param {() => Promise<void>} install
 */
export async function withInstallLock({ root, say }, install) {
  const path = join(root, LOCK_NAME);
  const startedMs = performance.now();
  const acquire = () => acquireProcessLock(path, { elsewhereIsGone: async () => ageMs(path) > DEAD_AFTER_MS });
  let lock = await acquire();
  if (lock.kind !== 'acquired') say('another bootstrap is installing; waiting for it');
  while (lock.kind !== 'acquired') {
    if (performance.now() - startedMs > WAIT_MAX_MS) {
      throw new Refusal(`Another bootstrap holds ${path} for too long. Remove that file if none is running.`);
    }
    await delay(LOOK_INTERVAL_MS);
    lock = await acquire();
  }
  const signsOfLife = setInterval(() => utimesSync(path, new Date(), new Date()), SIGN_OF_LIFE_MS);
  try {
    await install();
  } finally {
    clearInterval(signsOfLife);
    lock.release();
  }
}

/** @param {string} path */
function ageMs(path) {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}
