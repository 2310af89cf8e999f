import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from './find.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Debian and Ubuntu put the server program into `redis-tools`, under the name redis-check-rdb; the package
 * `redis-server` adds only a symlink of the right name, and a system service that would start at once. The program
 * looks at the name it was called by, so redis-tools and a symlink of our own are all that is needed.
 */
const PACKAGE = 'redis-tools';
const SERVER_IN_DISGUISE = 'redis-check-rdb';
const UNPACKED = 'unpacked';

const APT_TIMEOUT_MS = 300_000;
const QUICK_TIMEOUT_MS = 10_000;
/** Another apt (an unattended upgrade) may hold the lock for a while. */
const APT_OPTIONS = ['-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2'];

/**
 * @typedef {{ env: NodeJS.ProcessEnv, privateDir: string, say: (line: string) => void }} InstallOptions
 * @typedef {{ kind: 'installed', path: string } | { kind: 'failed', reason: string }} Installed
 */

/**
 * Gets a redis-server from Debian's archive without starting any service: installed when we may, else unpacked into
 * `privateDir`, which needs no rights at all.
 *
 * @param {InstallOptions} options
 * @returns {Promise<Installed>}
 */
export async function installFromDebian(options) {
  const asRoot = await rootPrefix(options.env);
  if (asRoot !== undefined) {
    const installed = await installPackage(asRoot, options);
    if (installed.kind === 'installed') return installed;
    options.say(`${installed.reason}; unpacking it privately instead`);
  }
  return unpackPrivately(options);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string[] | undefined>} what to put before a command so that it runs as root
 */
async function rootPrefix(env) {
  if (process.getuid?.() === 0) return [];
  const sudo = await runCommand('sudo', ['-n', 'true'], { env, timeoutMs: QUICK_TIMEOUT_MS });
  return sudo.ok ? ['sudo', '-n'] : undefined;
}

/**
 * The server that is here already under its other name, if it is.
 *
 * @param {Pick<InstallOptions, 'env' | 'privateDir'>} options
 * @returns {Promise<Installed>}
 */
export async function linkServerInDisguise({ env, privateDir }) {
  const program = findOnPath(SERVER_IN_DISGUISE, env);
  if (program === undefined) return { kind: 'failed', reason: `there is no ${SERVER_IN_DISGUISE}` };
  mkdirSync(privateDir, { recursive: true });
  const path = join(privateDir, 'redis-server');
  rmSync(path, { force: true });
  symlinkSync(program, path);
  return verified(path, env);
}

/**
 * @param {readonly string[]} asRoot
 * @param {InstallOptions} options
 * @returns {Promise<Installed>}
 */
async function installPackage(asRoot, options) {
  const { env, say } = options;
  const apt = (/** @type {string[]} */ ...args) => {
    const [command = '', ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return runCommand(command, rest, { env, timeoutMs: APT_TIMEOUT_MS });
  };
  const install = () => apt(...APT_OPTIONS, 'install', '-y', '--no-install-recommends', PACKAGE);
  say(`installing Debian's package ${PACKAGE} (no service is started)`);
  let result = await install();
  if (!result.ok) {
    // A fresh container has no package lists, and old lists name files that are gone.
    say('updating the package lists first');
    await apt(...APT_OPTIONS, 'update');
    result = await install();
  }
  if (!result.ok) return { kind: 'failed', reason: `apt-get install ${PACKAGE} failed: ${lastLine(result.output)}` };
  return linkServerInDisguise(options);
}

/**
 * @param {InstallOptions} options
 * @returns {Promise<Installed>}
 */
async function unpackPrivately({ env, privateDir, say }) {
  say(`unpacking Debian's package ${PACKAGE} into ${privateDir} (nothing is installed system-wide)`);
  const work = join(privateDir, `unpacking-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'lists', 'partial'), { recursive: true });
  try {
    const downloaded = await download(work, env);
    if (downloaded.kind === 'failed') return downloaded;
    rmSync(join(privateDir, UNPACKED), { recursive: true, force: true });
    renameSync(join(work, 'root'), join(privateDir, UNPACKED));
    return await verified(writeLauncher(privateDir), env);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Downloads the package and those of its dependencies this machine lacks, and unpacks them under `work/root`.
 *
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ kind: 'done' } | { kind: 'failed', reason: string }>}
 */
async function download(work, env) {
  const plain = ['-o', 'Debug::NoLocking=true'];
  const ownLists = [...plain, '-o', `Dir::State::lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${work}`];
  const apt = (/** @type {string[]} */ ...args) =>
    runCommand('apt-get', args, { env: { ...env, LC_ALL: 'C' }, timeoutMs: APT_TIMEOUT_MS, cwd: work });

  for (const options of [plain, ownLists]) {
    if (options === ownLists) await apt(...options, 'update');
    const plan = await apt(...options, 'install', '--print-uris', '-qq', '-y', '--no-install-recommends', PACKAGE);
    // One line a package: 'http://…/redis-tools_5%3a7.0.15_amd64.deb' redis-tools_5%3a7.0.15_amd64.deb 991988 SHA256:…
    const names = [...plan.stdout.matchAll(/^'[^']+' ([a-z0-9.+-]+)_/gm)].flatMap(([, name]) => name ?? []);
    if (!names.includes(PACKAGE)) continue;
    if (!(await apt(...options, '-q', 'download', ...names)).ok) continue;
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      const target = ['-x', file, join(work, 'root')];
      const unpacked = await runCommand('dpkg-deb', target, { env, timeoutMs: APT_TIMEOUT_MS, cwd: work });
      if (!unpacked.ok)
        return { kind: 'failed', reason: `dpkg-deb cannot unpack ${file}: ${lastLine(unpacked.output)}` };
    }
    return { kind: 'done' };
  }
  return { kind: 'failed', reason: `apt-get cannot download ${PACKAGE}` };
}

/**
 * The libraries that came along are found through LD_LIBRARY_PATH; `exec` keeps one process, so signals reach Redis.
 *
 * @param {string} privateDir
 */
function writeLauncher(privateDir) {
  const unpacked = join(privateDir, UNPACKED);
  symlinkSync(SERVER_IN_DISGUISE, join(unpacked, 'usr/bin/redis-server'));
  const libraries = readdirSync(join(unpacked, 'usr/lib'))
    .filter((name) => name.includes('-linux-'))
    .map((name) => `$here/usr/lib/${name}`);
  const path = join(privateDir, 'redis-server');
  const lines = [
    '#!/bin/sh',
    `# redis-server of Debian's package ${PACKAGE}, unpacked here because installing it needs root.`,
    `here="\${0%/*}/${UNPACKED}"`,
    `LD_LIBRARY_PATH="${libraries.join(':')}" exec "$here/usr/bin/redis-server" "$@"`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/**
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Installed>}
 */
async function verified(path, env) {
  const version = await runCommand(path, ['--version'], { env, timeoutMs: QUICK_TIMEOUT_MS });
  if (version.stdout.startsWith('Redis server')) return { kind: 'installed', path };
  rmSync(path, { force: true });
  return { kind: 'failed', reason: `${path} is no redis-server: ${lastLine(version.output)}` };
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}
