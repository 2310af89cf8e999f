import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';

const CONSOLE = join('apps', 'console');
const BUILT = join(CONSOLE, 'dist');
/** Becomes `dist` when it is whole: a page that is being served is never half of one. */
const NEXT = join(CONSOLE, 'dist.next');
/** Inside the built page: what it was built from. */
const STAMP = 'sources.sha256';
const VITE = join('node_modules', 'vite');

/** What ends up in the page, or decides how: its own files and those of every package of ours that it uses. */
const SOURCES = [
  join(CONSOLE, 'index.html'),
  join(CONSOLE, 'package.json'),
  join(CONSOLE, 'tsconfig.json'),
  join(CONSOLE, 'vite.config.ts'),
  join(CONSOLE, 'public'),
  join(CONSOLE, 'src'),
  join('packages', 'client', 'src'),
  join('packages', 'contracts', 'src'),
  join('packages', 'core', 'src'),
];

/**
 * Builds the operators' page when it is missing or its sources have changed. It is the only thing here that is built, and
 * the service runs without it: where it cannot be built, a line says so and `/ops` does.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: (line: string) => void, node: string }} surroundings
 * @returns {Promise<boolean>} whether the page is there and up to date
 */
export async function ensureConsole({ root, env, say, node }) {
  // An installation without it, such as one that was made of the sources of the servers only.
  if (!existsSync(join(root, CONSOLE, 'index.html'))) return false;
  if (isUpToDate(root)) return true;
  if (!existsSync(join(root, VITE))) {
    say("the operators' page is not built: that needs the packages for development (`npm ci`)");
    return false;
  }
  await withInstallLock({ root, say }, async () => {
    if (!isUpToDate(root)) await build({ root, env, say, node });
  });
  return isUpToDate(root);
}

/** @param {string} root */
function isUpToDate(root) {
  try {
    return readFileSync(join(root, BUILT, STAMP), 'utf8') === digestOfSources(root);
  } catch {
    return false;
  }
}

/** @param {{ root: string, env: NodeJS.ProcessEnv, say: (line: string) => void, node: string }} surroundings */
async function build({ root, env, say, node }) {
  say("building the operators' page (a few seconds)");
  const digest = digestOfSources(root);
  rmSync(join(root, NEXT), { recursive: true, force: true });
  const args = [join(root, VITE, 'bin', 'vite.js'), 'build', join(root, CONSOLE)];
  const { code, output } = await run(node, [...args, '--outDir', join(root, NEXT), '--logLevel', 'warn'], root, env);
  if (code !== 0) {
    say(`the operators' page could not be built; the service runs without it:\n${output.trim()}`);
    return;
  }
  writeFileSync(join(root, NEXT, STAMP), digest);
  rmSync(join(root, BUILT), { recursive: true, force: true });
  renameSync(join(root, NEXT), join(root, BUILT));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(command, args, cwd, env) {
  // What is built is the page of production, whoever builds it: React's other half is three times as large.
  const child = spawn(command, args, {
    cwd,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {string[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => output.push(text));
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output.join('') }));
  });
}

/** @param {string} root */
function digestOfSources(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesIn(root, source))) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]} the files at and below it, always in the same order
 */
function filesIn(root, path) {
  if (!existsSync(join(root, path))) return [];
  try {
    const entries = readdirSync(join(root, path)).sort();
    return entries.flatMap((entry) => filesIn(root, join(path, entry)));
  } catch {
    return [path];
  }
}
