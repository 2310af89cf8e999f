import { spawn } from 'node:child_process';

/**
 * @typedef {object} CommandResult
 * @property {boolean} ok false for a non-zero exit, a missing program, and a timeout alike
 * @property {string} stdout
 * @property {string} output stdout and stderr as they came, for showing to a person
 */

const OUTPUT_MAX_CHARS = 200_000;

/**
 * Runs a program to its end and never throws: a program that is not there is an answer, not an accident.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, timeoutMs: number, cwd?: string }} options
 * @returns {Promise<CommandResult>}
 */
export function runCommand(command, args, { env, timeoutMs, cwd }) {
  return new Promise((resolve) => {
    let stdout = '';
    let output = '';
    const child = spawn(command, args, {
      env,
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not spawn's own `timeout`: that one goes on ticking, and keeps this process, when the program is not there.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout = (stdout + chunk).slice(0, OUTPUT_MAX_CHARS);
      output = (output + chunk).slice(-OUTPUT_MAX_CHARS);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      output = (output + chunk).slice(-OUTPUT_MAX_CHARS);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, stdout, output: `${output}${error.message}\n` });
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const note = signal === null ? '' : `${command} was ended by ${signal} (limit ${timeoutMs} ms)\n`;
      resolve({ ok: code === 0, stdout, output: output + note });
    });
  });
}
