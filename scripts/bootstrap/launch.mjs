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

const NPM_CHECK_MS = 1_000;

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
  const orphaned = whenNpmIsGone(env, () => forward('SIGTERM'));

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

/**
 * An npm that is killed takes nobody along, and we become somebody else's child. Without npm that is nobody's business:
 * a program may well outlive the shell it was started from (`nohup`).
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {() => void} end
 */
function whenNpmIsGone(env, end) {
  if (env['npm_lifecycle_event'] === undefined) return { stopWatching: () => {} };
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    end();
  }, NPM_CHECK_MS);
  return { stopWatching: () => clearInterval(timer) };
}
