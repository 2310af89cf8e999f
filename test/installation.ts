import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJobWire } from '@video-proxy/contracts';
import { type LocalRedis, startLocalRedis } from '@video-proxy/local-redis';
import { type Sandbox, sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import { type SpawnedProcess, spawnProcess } from '@video-proxy/testkit/processes';

type Environment = Readonly<Record<string, string>>;

/** The real programs on a Redis and a provider of their own, as an operator would run them. */
export interface Installation extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly environment: Environment;
  /** Starts one more process of this installation and waits until it says that it is ready. */
  startApi(changes?: Environment): Promise<Api>;
  startWorker(changes?: Environment): Promise<SpawnedProcess>;
}

/** One whose Redis is a single server, which can be killed. */
export interface OwnRedisInstallation extends Installation {
  readonly redis: LocalRedis;
  /** Kills Redis and starts it again on the same files, at the same address, after an absence. */
  crashRedis(awayMs?: number): Promise<void>;
}

export interface Api {
  readonly process: SpawnedProcess;
  readonly url: string;
  create(prompt: string, headers?: Environment): Promise<VideoJobWire>;
  read(id: string, waitSeconds?: number, headers?: Environment): Promise<VideoJobWire>;
  /** Waits by long polls; the test's own timeout is the bound. */
  ended(id: string, headers?: Environment): Promise<VideoJobWire>;
  readJson(path: string): Promise<unknown>;
}

export const providerKey = sandboxApiKey;

export async function startInstallation(settings: Environment = {}): Promise<OwnRedisInstallation> {
  await using opening = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'installation-redis-'));
  opening.defer(() => rm(directory, { recursive: true, force: true }));
  const openRedis = () => startLocalRedis({ dataDir: directory, persistence: 'append-only', env: process.env });
  let redis = await openRedis();
  opening.defer(() => redis.close());
  const installation = opening.use(await startInstallationOn(redis.url, settings));
  const open = opening.move();
  return {
    ...installation,
    get redis() {
      return redis;
    },
    async crashRedis(awayMs = 0) {
      process.kill(redis.pid, 'SIGKILL');
      await redis.exited;
      await pause(awayMs);
      redis = await openRedis();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Many processes start at the same time, several tests of them, on few cores: long for a person, never for a test. */
const startedMs = 60_000;

/** The same on a Redis that somebody else starts and ends. */
export async function startInstallationOn(redisUrl: string, settings: Environment = {}): Promise<Installation> {
  await using opening = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'installation-'));
  opening.defer(() => rm(directory, { recursive: true, force: true }));
  const sandbox = opening.use(await startSandbox({ generationSeconds: 0.5 }));
  const environment = {
    REDIS_URL: redisUrl,
    DATA_DIR: join(directory, 'data'),
    AI_ML_API_KEY: providerKey,
    AIMLAPI_BASE_URL: sandbox.url,
    HOST: '127.0.0.1',
    PORT: '0',
    PROBE_INTERVAL_SECONDS: '1',
    ...settings,
  };
  const start = async (app: 'api' | 'worker', ready: RegExp, changes: Environment = {}) => {
    const started = await spawnProcess({ args: [`apps/${app}/src/main.ts`], env: { ...environment, ...changes } });
    running.use(started);
    return { started, line: await started.waitForLine(ready, startedMs) };
  };
  // Closed first, because it was opened last.
  const running = opening.use(new AsyncDisposableStack());
  const open = opening.move();
  return {
    sandbox,
    environment,
    async startApi(changes) {
      const { started, line } = await start('api', /^Video proxy listening on port (\d+)$/, changes);
      return apiAt(started, `http://127.0.0.1:${line[1]}`);
    },
    async startWorker(changes) {
      return (await start('worker', /Worker ready/, changes)).started;
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function apiAt(started: SpawnedProcess, url: string): Api {
  const readJson = async (path: string, headers: Environment = {}) =>
    (await fetch(`${url}${path}`, { headers })).json();
  const read = async (id: string, waitSeconds = 0, headers: Environment = {}) =>
    (await readJson(`/v1/jobs/${id}?wait_seconds=${waitSeconds}`, headers)) as VideoJobWire;
  return {
    process: started,
    url,
    readJson,
    read,
    async create(prompt, headers = {}) {
      const response = await fetch(`${url}/v1/jobs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ model: 'google/veo-3.1-t2v', prompt, parameters: { duration: 4 } }),
      });
      if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as VideoJobWire;
    },
    async ended(id, headers) {
      for (;;) {
        const job = await read(id, 20, headers);
        if (job.status === 'completed' || job.status === 'failed') return job;
      }
    },
  };
}
