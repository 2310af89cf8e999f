import { spawn } from 'node:child_process';

/** Waits for a line from us. The end of the input without one means that we are gone, however that happened. */
const SCRIPT = 'read -r _ || exec "$@" 2>/dev/null';

/**
 * Runs `command` as soon as this process is gone without having released the watchdog. Nothing else ends a process with
 * a process group of its own when the one that started it is killed with SIGKILL.
 *
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ release(): void }}
 */
export function watchOver(command, env) {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'video-proxy-watchdog', ...command], {
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  // Without it everything works until somebody kills with SIGKILL. That is no reason to fail.
  child.once('error', () => {});
  child.stdin.on('error', () => {});
  return { release: () => child.stdin.end('done\n') };
}
