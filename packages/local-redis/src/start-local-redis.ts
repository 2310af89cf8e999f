import { type FileHandle, mkdir, open, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startBinaryRedis } from './binary-redis.ts';
import { startDockerRedis } from './docker-redis.ts';
import { LocalRedisError } from './local-redis-error.ts';
import { acquireProcessLock } from './process-lock.mjs';
import { openSocketPlace } from './redis-address.ts';
import { probeRedis, requestShutdown } from './redis-probe.ts';
import type { RedisProcess } from './redis-process.ts';
import { findRedisServer, type RedisServer } from './redis-server/find.mjs';
import type { Persistence } from './redis-settings.ts';

export type LocalRedisOptions = {
  /** Absolute or relative to the working directory; created for this user alone if missing. One server a directory. */
  readonly dataDir: string;
  readonly persistence: Persistence;
  /** Decides PATH and the Docker daemon; nothing else of it reaches Redis. */
  readonly env: NodeJS.ProcessEnv;
  /** What to run. Default: whatever `findRedisServer` finds. */
  readonly server?: RedisServer;
};

export type LocalRedis = AsyncDisposable & {
  /** `unix:///…/redis.sock`, or `redis://…` on a loopback port when the server runs in Docker. */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the server is gone: `requested` tells whether `close()` did it, `message` how: "it exited with …". */
  readonly exited: Promise<{ readonly requested: boolean; readonly message: string }>;
  close(): Promise<void>;
};

const PROBE_INTERVAL_MS = 20;
const READY_TIMEOUT_MS = 10_000;
/** Reading a large append-only file takes its time. */
const LOADING_TIMEOUT_MS = 60_000;
const LEFTOVER_TIMEOUT_MS = 15_000;
const LOG_MAX_BYTES = 1_000_000;
const LOG_TAIL_CHARS = 2_000;

/**
 * Starts a private Redis on `dataDir` and resolves when it answers. It lives until `close()`, or until this process is
 * gone. A server that an earlier run left in this directory is shut down first: it has saved everything, and a server we
 * started ourselves is one whose end we hear of. A directory that another live process uses is refused.
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const socket = await openSocketPlace(dataDir);
  const unlock = await lockDirectory(dataDir, socket.path);
  const release = async () => {
    await socket.discard();
    unlock();
  };
  try {
    await endLeftover(socket.path);
    const logPath = join(dataDir, 'redis.log');
    const log = await openLog(logPath);
    try {
      const redis = await launch({ ...options, dataDir }, socket.path, log);
      await waitUntilReady(redis, logPath);
      return localRedis(redis, release);
    } finally {
      await log.close();
    }
  } catch (error) {
    await release();
    throw error;
  }
}

async function lockDirectory(dataDir: string, socketPath: string): Promise<() => void> {
  const lock = await acquireProcessLock(join(dataDir, 'redis.lock'), {
    elsewhereIsGone: async () => (await probeRedis({ path: socketPath })) === 'absent',
  });
  if (lock.kind === 'acquired') return lock.release;
  const holder = lock.kind === 'held' ? `the process ${lock.pid}` : `another container or machine (${lock.realm})`;
  throw new LocalRedisError('in_use', `${dataDir} is in use by ${holder}. Stop that one, or set another DATA_DIR.`);
}

async function endLeftover(socketPath: string): Promise<void> {
  const address = { path: socketPath };
  if ((await probeRedis(address)) === 'absent') return;
  await requestShutdown(address);
  const deadline = performance.now() + LEFTOVER_TIMEOUT_MS;
  while ((await probeRedis(address)) !== 'absent') {
    if (performance.now() > deadline) {
      throw new LocalRedisError(
        'in_use',
        `A Redis left over from an earlier run does not end; it listens on ${socketPath}`,
      );
    }
    await delay(PROBE_INTERVAL_MS);
  }
}

/** Appends, because the reason of the last crash is worth keeping; starts anew when the file has grown. */
async function openLog(path: string): Promise<FileHandle> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return open(path, size > LOG_MAX_BYTES ? 'w' : 'a', 0o600);
}

async function launch(options: LocalRedisOptions, socketPath: string, log: FileHandle): Promise<RedisProcess> {
  const { dataDir, persistence, env } = options;
  const server = options.server ?? (await findRedisServer({ env }));
  switch (server.kind) {
    case 'binary':
      return startBinaryRedis({ program: server.path, dataDir, socketPath, persistence, log, env });
    case 'docker':
      return startDockerRedis({ image: server.image, dataDir, persistence, log, env });
    case 'missing':
      throw new LocalRedisError('missing', server.reason);
  }
}

async function waitUntilReady(redis: RedisProcess, logPath: string): Promise<void> {
  let gone: string | undefined;
  void redis.ended.then((how) => {
    gone = how;
  });
  const startedMs = performance.now();
  let state = await probeRedis(redis.address);
  while (state !== 'ready') {
    const limitMs = state === 'loading' ? LOADING_TIMEOUT_MS : READY_TIMEOUT_MS;
    if (gone === undefined && performance.now() - startedMs > limitMs) {
      await redis.stop();
      gone ??= `it did not answer within ${limitMs / 1000} s`;
    }
    if (gone !== undefined) throw new LocalRedisError('did_not_start', await withLogTail(gone, logPath));
    await delay(PROBE_INTERVAL_MS);
    state = await probeRedis(redis.address);
  }
}

async function withLogTail(how: string, logPath: string): Promise<string> {
  const log = await readFile(logPath, 'utf8');
  return `The private Redis did not start: ${how}. The end of ${logPath}:\n${log.slice(-LOG_TAIL_CHARS).trim()}`;
}

function localRedis(redis: RedisProcess, release: () => Promise<void>): LocalRedis {
  let requested = false;
  const exited = redis.ended.then(async (message) => {
    await release();
    return { requested, message };
  });
  const close = async () => {
    requested = true;
    await redis.stop();
    await exited;
  };
  return { url: redis.url, pid: redis.pid, exited, close, [Symbol.asyncDispose]: close };
}
