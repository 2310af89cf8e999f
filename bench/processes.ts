import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type SpawnedProcess, spawnProcess } from '@video-proxy/testkit';

export const clientKey = 'bench-client-key';

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface Server extends AsyncDisposable {
  readonly url: string;
}

/** Everything the service may read; nothing of the shell's environment reaches it. */
export interface Surroundings {
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the API as it is deployed, and resolves when it listens. */
export async function startApi(surroundings: Surroundings): Promise<Server> {
  return listening(
    await spawnProcess({ args: [fileOf('../apps/api/src/main.ts')], env: await settings(surroundings) }),
  );
}

export async function startWorker(surroundings: Surroundings): Promise<SpawnedProcess> {
  return spawnProcess({ args: [fileOf('../apps/worker/src/main.ts')], env: await settings(surroundings) });
}

export async function startBaseline(name: 'create' | 'read', redisUrl: string): Promise<Server> {
  return listening(
    await spawnProcess({
      args: [fileOf(`./baselines/${name}.ts`)],
      env: { REDIS_URL: redisUrl, NODE_ENV: 'production' },
    }),
  );
}

async function settings({ redisUrl, dataDir, env }: Surroundings): Promise<Record<string, string>> {
  await mkdir(dataDir, { recursive: true });
  return {
    NODE_ENV: 'production',
    REDIS_URL: redisUrl,
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    CLIENT_KEYS: `bench=${clientKey}`,
    PROVIDER: 'sandbox',
    ...env,
  };
}

async function listening(server: SpawnedProcess): Promise<Server> {
  const [, port] = await server.waitForLine(/listening on port (\d+)/);
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
