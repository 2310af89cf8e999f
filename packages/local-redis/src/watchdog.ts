import { type ChildProcess, spawn } from 'node:child_process';

/** Waits for a line from us. The end of the input without one means that we are gone, however that happened. */
const SCRIPT = 'read -r _ || exec "$@" 2>/dev/null';

export type Watchdog = { release(): void };

/**
 * Runs `command` as soon as this process is gone without having released the watchdog. Nothing else ends the server
 * when its supervisor is killed with SIGKILL: it has a process group of its own, so that a Ctrl-C in the terminal
 * leaves it alive until the programs that use it have closed.
 */
export function watchOver(command: readonly string[], env: NodeJS.ProcessEnv): Watchdog {
  const child: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'redis-watchdog', ...command], {
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  // Without a watchdog Redis may outlive a SIGKILL of ours; the next start then ends it. That is no reason to fail.
  child.once('error', () => {});
  child.stdin?.on('error', () => {});
  return { release: () => child.stdin?.end('done\n') };
}
