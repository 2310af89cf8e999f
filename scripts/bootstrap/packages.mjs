import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { watchOver } from '../../packages/local-redis/src/watchdog.mjs';
import { withInstallLock } from './install-lock.mjs';
import { Refusal } from './refusal.mjs';

/**
 * @typedef {object} Surroundings
 * @property {string} root the checkout
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} mayInstall
 * @property {(line: string) => void} say
 *
 * @typedef {{ version?: string, integrity?: string, link?: boolean, dev?: boolean, optional?: boolean,
 *   devOptional?: boolean }} LockedPackage
 */

const NAMED_MAX = 3;
/** More than any update leaves behind. */
const MANY = 100;

/**
 * What npm would take from its environment to install something else than the whole of package-lock.json: `npm test
 * --workspace …`, `NODE_ENV=production`, and so on are meant for the command that was called, not for the installation.
 */
const MISLEADING_NPM_SETTINGS =
  /^npm_config_(workspaces?|include_workspace_root|include|omit|only|production|dev|optional|global|location|prefix|local_prefix|json|dry_run|loglevel|silent|package|call|package_lock|package_lock_only|install_links|install_strategy)$/i;

/**
 * Makes node_modules fit package-lock.json.
 *
 * @param {Surroundings & { development: boolean }} surroundings
 */
export async function ensurePackages({ root, env, mayInstall, say, development }) {
  const missing = () => missingPackages(root, { development });
  if (missing().length === 0) return;
  if (!mayInstall) {
    throw new Refusal(`${describe(missing())}, and NO_INSTALL is set. Run \`npm ci\` in ${root}, or unset NO_INSTALL.`);
  }
  await withInstallLock({ root, say }, async () => {
    const names = missing();
    // Whoever had the lock before us may have done it.
    if (names.length > 0) await installPackages({ root, env, say, why: describe(names) });
  });
}

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: (line: string) => void, why: string }} options
 */
export async function installPackages({ root, env, say, why }) {
  say(`${why}: running \`npm ci\` (about half a minute)`);
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // Both outputs on stderr: stdout belongs to the program that comes after.
  const child = spawn('npm', args, { cwd: root, env: npmEnvironment(env), stdio: ['ignore', 2, 2], detached: true });
  // An npm that outlived us would go on writing while the next bootstrap, which finds our lock dead, starts its own.
  const watchdog = watchOver(['kill', '-KILL', '--', `-${child.pid}`], env);
  const exit = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  watchdog.release();
  if (exit !== 0) throw new Refusal(`\`npm ci\` failed (${exit}); its own words are above.`);
  say('packages installed');
}

/**
 * Compares what npm says it installed with the lockfile. npm writes its own list last, so an interrupted installation
 * has none. Optional packages may be missing: most of them are for other platforms.
 *
 * @param {string} root
 * @param {{ development: boolean }} options
 * @returns {string[]} names of packages that are missing or of another version
 */
function missingPackages(root, { development }) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new Refusal(`There is no readable package-lock.json in ${root}.`);
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json')) ?? {};
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .filter(([path, entry]) => !fits(entry, installed[path], development))
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

/**
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} installed
 * @param {boolean} development
 */
function fits(wanted, installed, development) {
  if (installed === undefined) {
    return wanted.optional === true || wanted.devOptional === true || (wanted.dev === true && !development);
  }
  return wanted.version === installed.version && wanted.integrity === installed.integrity;
}

/**
 * @param {string} lockfile
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readPackages(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {readonly string[]} names */
function describe(names) {
  if (names.length > MANY) return `the packages are not installed (${names.length} are missing)`;
  const rest = names.length - NAMED_MAX;
  const named = names.slice(0, NAMED_MAX).join(', ');
  return `node_modules does not fit package-lock.json (${named}${rest > 0 ? ` and ${rest} more` : ''})`;
}

/**
 * The npm that is called must not run on the Node inside the node_modules it is about to delete.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function npmEnvironment(env) {
  const kept = Object.entries(env).filter(([name]) => name !== 'NODE_ENV' && !MISLEADING_NPM_SETTINGS.test(name));
  const path = (env['PATH'] ?? '').split(delimiter).filter((dir) => !dir.endsWith(join('node_modules', '.bin')));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
