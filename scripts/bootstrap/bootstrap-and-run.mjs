import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureConsole } from './console.mjs';
import { launch } from './launch.mjs';
import { ensureNode } from './node.mjs';
import { ensurePackages } from './packages.mjs';
import { findProgram, programNames } from './programs.mjs';
import { ensureRedis } from './redis.mjs';
import { Refusal } from './refusal.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const USAGE_EXIT_CODE = 2;

/**
 * Gets what the program needs, runs it, and ends this process as it ended.
 *
 * @param {readonly string[]} words the program's name and its arguments
 */
export async function bootstrapAndRun(words) {
  try {
    process.exitCode = await run(words, { root: ROOT, env: process.env });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}

/**
 * @param {readonly string[]} words
 * @param {{ root: string, env: NodeJS.ProcessEnv }} where
 * @returns {Promise<number>} the exit code
 */
async function run(words, { root, env }) {
  const found = findProgram(words);
  if (found === undefined) {
    throw new Refusal(`There is no "${words[0] ?? ''}"; there are ${programNames().join(', ')}.`, USAGE_EXIT_CODE);
  }
  const { program, args } = found;
  const surroundings = { root, env, say, mayInstall: !isOn(env['NO_INSTALL']) };

  await ensurePackages({ ...surroundings, development: program.development });
  const node = await ensureNode(surroundings);
  if (program.startsRedis(env)) await ensureRedis(surroundings);
  if (program.servesConsole) await ensureConsole({ ...surroundings, node });

  return launch({
    command: node,
    args: [...program.nodeArgs(), join(root, program.file), ...program.args, ...args],
    cwd: program.fromRoot ? root : process.cwd(),
    env: {
      // A quarter less time until a process is ready: what Node has compiled once is read again.
      NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'),
      ...env,
      PATH: `${join(root, 'node_modules', '.bin')}:${env['PATH'] ?? ''}`,
    },
  });
}

/** On stderr, because stdout belongs to the program: it may be JSON that somebody parses. */
function say(/** @type {string} */ line) {
  process.stderr.write(`[bootstrap] ${line}\n`);
}

/** @param {string | undefined} value */
function isOn(value) {
  return value !== undefined && !['', '0', 'false', 'no'].includes(value);
}
