import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Program
 * @property {string} file relative to the checkout
 * @property {string[]} args come before those of the user
 * @property {(env: NodeJS.ProcessEnv) => boolean} startsRedis whether the program starts a Redis of its own
 * @property {boolean} servesConsole shows the operators' page, which has to be built
 * @property {boolean} development needs the packages for development too
 * @property {() => string[]} nodeArgs for Node itself
 * @property {boolean} fromRoot runs in the checkout, wherever it was called
 */

const CLI = join('apps', 'cli', 'src', 'main.ts');
const never = () => false;
/** @type {(name: string) => (env: NodeJS.ProcessEnv) => boolean} */
const unlessSet = (name) => (env) => !env[name];
/** The demo stays by itself, whatever is set. Other commands talk to a service that runs. */
const redisOfCommand = { start: unlessSet('REDIS_URL'), demo: () => true };

/** @type {Record<string, Program>} */
const programs = {
  ...Object.fromEntries(
    ['start', 'demo', 'doctor', 'generate', 'jobs', 'sandbox'].map((command) => [command, cli(command)]),
  ),
  api: { ...service(join('apps', 'api', 'src', 'main.ts')), servesConsole: true },
  // Bounds what Node takes for short-lived memory; the same number stands in apps/cli and deploy.
  worker: service(join('apps', 'worker', 'src', 'main.ts'), ['--max-semi-space-size=8']),
  test: tool(join('node_modules', 'vitest', 'vitest.mjs'), {
    args: ['run'],
    startsRedis: unlessSet('TEST_REDIS_URL'),
    servesConsole: true,
  }),
  bench: tool(join('bench', 'main.ts'), { startsRedis: unlessSet('REDIS_URL') }),
  // What it kills has to be its own.
  chaos: tool(join('chaos', 'main.ts'), { startsRedis: () => true }),
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
  const startsRedis = command === 'start' || command === 'demo' ? redisOfCommand[command] : never;
  const servesConsole = command === 'start';
  return { ...plain(CLI), args: [command], startsRedis, servesConsole };
}

/**
 * A process on its own. Its settings may stand in `.env`.
 *
 * @param {string} file
 * @param {readonly string[]} [nodeFlags]
 * @returns {Program}
 */
function service(file, nodeFlags = []) {
  // `npm start` reads the file itself, for all its processes.
  const nodeArgs = () => [...nodeFlags, ...(existsSync('.env') ? ['--env-file=.env'] : [])];
  return { ...plain(file), nodeArgs };
}

/**
 * @param {string} file
 * @param {Partial<Program>} [settings]
 * @returns {Program}
 */
function tool(file, settings) {
  return { ...plain(file), development: true, fromRoot: true, ...settings };
}

/**
 * @param {string} file
 * @returns {Program}
 */
function plain(file) {
  const needs = { startsRedis: never, servesConsole: false, development: false };
  return { file, nodeArgs: () => [], args: [], fromRoot: false, ...needs };
}
