import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { installPackages } from './packages.mjs';
import { Refusal } from './refusal.mjs';

/** The first version that runs TypeScript files without a flag and without a warning. */
const NODE_MIN = { major: 24, minor: 12 };

const PACKAGED = ['linux-x64', 'linux-arm64'];

/**
 * Finds a Node that runs TypeScript: the one that runs this, or the one that package-lock.json pins. That one is an
 * optional package, so it can be missing although everything else fits (`npm ci --omit=optional`).
 *
 * @param {import('./packages.mjs').Surroundings} surroundings
 * @returns {Promise<string>} its path
 */
export async function ensureNode({ root, env, mayInstall, say }) {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const packaged = join(root, 'node_modules', '.bin', 'node');
  if (isExecutable(packaged)) return packaged;
  if (mayInstall && PACKAGED.includes(`${process.platform}-${process.arch}`)) {
    const why = `Node ${process.versions.node} is too old and the packaged one is missing`;
    await withInstallLock({ root, say }, () => installPackages({ root, env, say, why }));
    if (isExecutable(packaged)) return packaged;
  }
  throw new Refusal(
    `Node ${NODE_MIN.major}.${NODE_MIN.minor} or newer is needed; this is ${process.versions.node}, and there is no ` +
      `packaged one for ${process.platform} on ${process.arch}. Get it from https://nodejs.org, or with ` +
      '`brew install node@24`, `nvm install 24` or `fnm install 24`, and try again.',
  );
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE_MIN.major || (major === NODE_MIN.major && minor >= NODE_MIN.minor);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
