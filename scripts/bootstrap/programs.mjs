import { join } from 'node:path';

/**
 * @typedef {object} Program
 * @property {string} file relative to the checkout
 * @property {string[]} args come before those of the user
 * @property {'REDIS_URL' | 'TEST_REDIS_URL' | undefined} redisUnless the program starts a Redis of its own unless this
 *   variable names one
 * @property {boolean} development needs the packages for development too
 * @property {boolean} fromRoot runs in the checkout, wherever it was called
 */

const CLI = join('apps', 'cli', 'src', 'main.ts');
const STARTS_REDIS = ['start', 'demo'];

/** @type {Record<string, Program>} */
const programs = {
  ...Object.fromEntries(
    ['start', 'demo', 'doctor', 'generate', 'jobs', 'sandbox'].map((command) => [command, cli(command)]),
  ),
  api: service(join('apps', 'api', 'src', 'main.ts')),
  worker: service(join('apps', 'worker', 'src', 'main.ts')),
  test: tool(join('node_modules', 'vitest', 'vitest.mjs'), { args: ['run'], redisUnless: 'TEST_REDIS_URL' }),
  bench: tool(join('bench', 'main.ts'), { redisUnless: 'REDIS_URL' }),
  check: tool(join('scripts', 'check.mjs')),
};

/**
 * @param {readonly string[]} words what stands after `run.mjs`
 * @returns {{ program: Program, args: readonly string[] } | undefined} undefined when there is no such program
 */
export function findProgram([name = '', ...args]) {
  // Any word is the command line application's own business: it knows its commands and its usage text.
  if (name === 'video-proxy') return { program: cli(args[0] ?? ''), args: args.slice(1) };
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  return program && { program, args };
}

export function programNames() {
  return Object.keys(programs);
}

/**
 * @param {string} command
 * @returns {Program}
 */
function cli(command) {
  const redisUnless = STARTS_REDIS.includes(command) ? 'REDIS_URL' : undefined;
  return { file: CLI, args: [command], redisUnless, development: false, fromRoot: false };
}

/**
 * @param {string} file
 * @returns {Program}
 */
function service(file) {
  return { file, args: [], redisUnless: undefined, development: false, fromRoot: false };
}

/**
 * @param {string} file
 * @param {Partial<Program>} [settings]
 * @returns {Program}
 */
function tool(file, settings) {
  return { file, args: [], redisUnless: undefined, development: true, fromRoot: true, ...settings };
}
