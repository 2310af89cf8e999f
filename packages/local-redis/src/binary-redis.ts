import { spawn } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import type { RedisProcess } from './redis-process.ts';
import { endWithin } from './redis-process.ts';
import { type Persistence, redisSettings } from './redis-settings.ts';
import { watchOver } from './watchdog.mjs';

export type BinaryRedisOptions = {
  readonly program: string;
  readonly dataDir: string;
  readonly socketPath: string;
  readonly persistence: Persistence;
  readonly log: FileHandle;
  readonly env: NodeJS.ProcessEnv;
};

/** Throws when the program cannot be run at all; whether Redis likes its settings shows only later. */
export async function startBinaryRedis(options: BinaryRedisOptions): Promise<RedisProcess> {
  const { program, dataDir, socketPath, persistence, log, env } = options;
  const settings = redisSettings(persistence);
  const where = ['--port', '0', '--unixsocket', socketPath, '--unixsocketperm', '700', '--dir', dataDir];
  const child = spawn(program, [...where, ...settings], {
    cwd: dataDir,
    // A process group of its own: Ctrl-C in a terminal must reach the applications first and Redis last.
    detached: true,
    // Only what a program needs to run: Redis has no business with our keys.
    env: { PATH: env['PATH'], LANG: 'C' },
    stdio: ['ignore', log.fd, log.fd],
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', reject);
  });
  const watchdog = watchOver(['kill', '-TERM', String(pid)], env);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      watchdog.release();
      resolve(signal === null ? `redis-server exited with code ${code}` : `redis-server was ended by ${signal}`);
    });
  });
  child.unref();
  return {
    url: `unix://${socketPath}`,
    address: { path: socketPath },
    pid,
    ended,
    stop: () =>
      endWithin(
        ended,
        () => child.kill('SIGTERM'),
        () => child.kill('SIGKILL'),
      ),
  };
}
