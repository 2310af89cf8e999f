import { randomBytes } from 'node:crypto';
import { type FileHandle, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalRedisError } from './local-redis-error.ts';
import { endWithin, type RedisProcess, startProgram } from './redis-process.ts';
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
  const args = await runArguments(options, idFile, password);
  const client = await startProgram({ command: 'docker', args, cwd: dataDir, env, log });
  const giveUp = (error: unknown): never => {
    client.kill('SIGTERM');
    throw error;
  };
  const id = await containerId(idFile, client.ended).catch(giveUp);
  const watchdog = watchOver(['docker', 'stop', '--time', '10', id], env);
  const ended = client.ended.then(async (how) => {
    watchdog.release();
    await rm(idFile, { force: true });
    return how;
  });
  const port = await publishedPort(id, env).catch(giveUp);
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    address: { host: '127.0.0.1', port },
    pid: client.pid,
    ended,
    stop: () =>
      endWithin(
        ended,
        () => client.kill('SIGTERM'),
        () => void docker(['kill', id], env),
      ),
  };
}

/**
 * The image's own entry point would hand the data over to a user of the container. Files in `dataDir` are to be ours:
 * a daemon without root maps the container's root to us, any other needs our ids.
 */
async function runArguments(options: DockerRedisOptions, idFile: string, password: string): Promise<string[]> {
  const { image, dataDir, persistence, env } = options;
  const security = await docker(['info', '--format', '{{.SecurityOptions}}'], env);
  const ids = security.stdout.includes('rootless') ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const data = ['--volume', `${dataDir}:/data`, '--user', ids];
  const container = ['--rm', '--cidfile', idFile, '--publish', '127.0.0.1::6379', '--entrypoint', 'redis-server'];
  const settings = ['--dir', '/data', ...redisSettings(persistence), '--requirepass', password];
  return ['run', ...container, ...data, image, ...settings];
}

async function endLeftoverContainer(idFile: string, env: NodeJS.ProcessEnv): Promise<void> {
  const id = await readOrEmpty(idFile);
  if (id !== '') await docker(['stop', '--time', '10', id], env);
  await rm(idFile, { force: true });
}

async function containerId(idFile: string, ended: Promise<string>): Promise<string> {
  let gone: string | undefined;
  void ended.then((how) => {
    gone = how;
  });
  const startedMs = performance.now();
  while (performance.now() - startedMs < CONTAINER_START_TIMEOUT_MS) {
    const id = await readOrEmpty(idFile);
    if (id !== '') return id;
    if (gone !== undefined) throw new LocalRedisError('did_not_start', `Docker did not start Redis: ${gone}`);
    await delay(POLL_INTERVAL_MS);
  }
  throw new LocalRedisError('did_not_start', `Docker started no container in ${CONTAINER_START_TIMEOUT_MS / 1000} s`);
}

async function publishedPort(id: string, env: NodeJS.ProcessEnv): Promise<number> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < CONTAINER_START_TIMEOUT_MS) {
    const answer = await docker(['port', id, '6379/tcp'], env);
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

function docker(args: readonly string[], env: NodeJS.ProcessEnv) {
  return runCommand('docker', args, { env, timeoutMs: DOCKER_TIMEOUT_MS });
}
