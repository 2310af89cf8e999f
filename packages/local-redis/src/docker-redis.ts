import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type FileHandle, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalRedisError } from './local-redis-error.ts';
import { endWithin, type RedisProcess } from './redis-process.ts';
import { runCommand } from './redis-server/run-command.mjs';
import { type Persistence, redisSettings } from './redis-settings.ts';
import { watchOver } from './watchdog.mjs';

export type DockerRedisOptions = {
  readonly image: string;
  readonly dataDir: string;
  readonly persistence: Persistence;
  readonly log: FileHandle;
  readonly env: NodeJS.ProcessEnv;
};

const CONTAINER_START_TIMEOUT_MS = 10_000;
const DOCKER_TIMEOUT_MS = 15_000;
const POLL_INTERVAL_MS = 50;

/**
 * Runs the image in the foreground of a Docker client, so that its end and its output are ours to see, with `dataDir`
 * as its data. A port on the loopback address is open to every user of the machine, hence the password.
 */
export async function startDockerRedis(options: DockerRedisOptions): Promise<RedisProcess> {
  const { dataDir, log, env } = options;
  const idFile = join(dataDir, 'redis.container');
  await endLeftoverContainer(idFile, env);
  const password = randomBytes(18).toString('base64url');
  const child = spawn('docker', runArguments(options, idFile, password), {
    detached: true,
    env,
    stdio: ['ignore', log.fd, log.fd],
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', reject);
  });
  const clientEnded = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`the Redis container ended with ${signal ?? `code ${code}`}`));
  });
  child.unref();
  const id = await containerId(idFile, clientEnded);
  const watchdog = watchOver(['docker', 'stop', '--time', '10', id], env);
  const ended = clientEnded.then(async (how) => {
    watchdog.release();
    await rm(idFile, { force: true });
    return how;
  });
  const port = await publishedPort(id, env);
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    address: { host: '127.0.0.1', port },
    pid,
    ended,
    stop: () =>
      endWithin(
        ended,
        () => child.kill('SIGTERM'),
        () => void runCommand('docker', ['kill', id], { env, timeoutMs: DOCKER_TIMEOUT_MS }),
      ),
  };
}

function runArguments({ image, dataDir, persistence }: DockerRedisOptions, idFile: string, password: string): string[] {
  const user = process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid?.()}`];
  const container = [
    '--rm',
    '--cidfile',
    idFile,
    '--publish',
    '127.0.0.1::6379',
    '--volume',
    `${dataDir}:/data`,
    ...user,
  ];
  return ['run', ...container, image, 'redis-server', ...redisSettings(persistence), '--requirepass', password];
}

async function endLeftoverContainer(idFile: string, env: NodeJS.ProcessEnv): Promise<void> {
  const id = await readOrEmpty(idFile);
  if (id !== '') await runCommand('docker', ['stop', '--time', '10', id], { env, timeoutMs: DOCKER_TIMEOUT_MS });
  await rm(idFile, { force: true });
}

async function containerId(idFile: string, clientEnded: Promise<string>): Promise<string> {
  let gone: string | undefined;
  void clientEnded.then((how) => {
    gone = how;
  });
  const startedMs = performance.now();
  while (performance.now() - startedMs < CONTAINER_START_TIMEOUT_MS) {
    const id = await readOrEmpty(idFile);
    if (id !== '') return id;
    if (gone !== undefined) throw new LocalRedisError('did_not_start', gone);
    await delay(POLL_INTERVAL_MS);
  }
  throw new LocalRedisError('did_not_start', `Docker started no container in ${CONTAINER_START_TIMEOUT_MS / 1000} s`);
}

async function publishedPort(id: string, env: NodeJS.ProcessEnv): Promise<number> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < CONTAINER_START_TIMEOUT_MS) {
    const answer = await runCommand('docker', ['port', id, '6379/tcp'], { env, timeoutMs: DOCKER_TIMEOUT_MS });
    const port = /:(\d+)\s*$/m.exec(answer.stdout)?.[1];
    if (port !== undefined) return Number(port);
    await delay(POLL_INTERVAL_MS);
  }
  throw new LocalRedisError('did_not_start', `Docker published no port for the container ${id.slice(0, 12)}`);
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    (content) => content.trim(),
    () => '',
  );
}
