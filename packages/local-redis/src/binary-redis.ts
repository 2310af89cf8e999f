import type { FileHandle } from 'node:fs/promises';
import { endWithin, type RedisProcess, startProgram } from './redis-process.ts';
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
  const where = ['--port', '0', '--unixsocket', socketPath, '--unixsocketperm', '700', '--dir', dataDir];
  const server = await startProgram({
    command: program,
    args: [...where, ...redisSettings(persistence)],
    cwd: dataDir,
    // Only what a program needs to run: Redis has no business with our keys.
    env: { PATH: env['PATH'], LANG: 'C' },
    log,
  });
  const watchdog = watchOver(['kill', '-TERM', String(server.pid)], env);
  const ended = server.ended.then((how) => {
    watchdog.release();
    return how;
  });
  return {
    url: `unix://${socketPath}`,
    address: { path: socketPath },
    pid: server.pid,
    ended,
    stop: () =>
      endWithin(
        ended,
        () => server.kill('SIGTERM'),
        () => server.kill('SIGKILL'),
      ),
  };
}
