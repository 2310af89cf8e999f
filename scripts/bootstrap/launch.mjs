import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { watchOver } from '../../packages/local-redis/src/watchdog.mjs';

/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGWINCH'];

/**
 * One Ctrl-C arrives here twice, from the terminal and from npm, and a program that is asked twice gives up on closing
 * cleanly. A person who insists takes longer than this.
 */
const ONE_SIGNAL_MS = 1_000;

/**
 * Runs a program in the foreground and resolves with its exit code (128 + n after signal n).
 *
 * It gets a process group of its own, so that a signal reaches it through us and once. The price is that a SIGKILL of
 * ours would leave it behind: the watchdog kills the whole group then.
 *
 * @param {{ command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv }} program
 * @returns {Promise<number>}
 */
export function launch({ command, args, cwd, env }) {
  /** @type {Map<NodeJS.Signals, number>} */
  const lastForwardedMs = new Map();
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const nowMs = performance.now();
    if (nowMs - (lastForwardedMs.get(signal) ?? Number.NEGATIVE_INFINITY) < ONE_SIGNAL_MS) return;
    lastForwardedMs.set(signal, nowMs);
    child.kill(signal);
  };
  // Before the program is started: it may be running, and somebody may stop it, while spawn is still at work.
  for (const signal of FORWARDED) process.on(signal, forward);
  const child = spawn(command, args, { cwd, env, stdio: 'inherit', detached: true });
  const watchdog = watchOver(['kill', '-KILL', '--', `-${child.pid}`], env);

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward);
      orphaned.stopWatching();
      watchdog.release();
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

const NPM_CHECK_MS = 1_000;

/**
 * npm that is killed takes nobody along. Started by hand, without npm, a program may outlive its shell (`nohup`).
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {() => void} then
 */
function whenNpmIsGone(env, then) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (env['npm_lifecycle_event'] === undefined || process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, NPM_CHECK_MS);
  return { stopWatching: () => clearInterval(timer) };
}
