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
 * @typedef {{ version: string, execPath: string, platform: string, arch: string }} Runtime
 *
 * @param {import('./packages.mjs').Surroundings} surroundings
 * @param {Runtime} [running]
 * @returns {Promise<string>} its path
 */
export async function ensureNode({ root, env, mayInstall, say }, running = thisRuntime()) {
  if (isNewEnough(running.version)) return running.execPath;
  const packaged = join(root, 'node_modules', '.bin', 'node');
  if (isExecutable(packaged)) return packaged;
  if (mayInstall && PACKAGED.includes(`${running.platform}-${running.arch}`)) {
    const why = `Node ${running.version} is too old and the packaged one is missing`;
    await withInstallLock({ root, say }, () => installPackages({ root, env, say, why }));
    if (isExecutable(packaged)) return packaged;
  }
  throw new Refusal(
    `Node ${NODE_MIN.major}.${NODE_MIN.minor} or newer is needed; this is ${running.version}, and there is no ` +
      `packaged one for ${running.platform} on ${running.arch}. Get it from https://nodejs.org, or with ` +
      '`brew install node@24`, `nvm install 24` or `fnm install 24`, and try again.',
  );
}

/** @returns {Runtime} */
function thisRuntime() {
  const { version, execPath, platform, arch } = process;
  return { version: version.slice(1), execPath, platform, arch };
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
