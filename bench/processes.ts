import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { watchOver } from '@video-proxy/local-redis';
import type { Redis } from 'ioredis';

export const clientKey = 'bench-client-key';

export interface Server extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
}

/** Where a run takes place. `env` adds to the settings of the service, which sees nothing else of the shell's environment. */
export interface Surroundings {
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the API as it is deployed, and resolves when it listens. */
export async function startApi(surroundings: Surroundings): Promise<Server> {
  return startServer('../apps/api/src/main.ts', await settings(surroundings));
}

/** Starts a worker as it is deployed; without an address of a provider it has a sandbox of its own. */
export async function startWorker(surroundings: Surroundings): Promise<AsyncDisposable & { readonly pid: number }> {
  const { pid, end } = start('../apps/worker/src/main.ts', await settings(surroundings), ['--max-semi-space-size=8']);
  return { pid, [Symbol.asyncDispose]: end };
}

/** Starts a provider that answers after `latencyMs`. */
export async function startProvider(latencyMs: number): Promise<Server> {
  return startServer('./provider.ts', { LATENCY_MS: String(latencyMs), NODE_ENV: 'production' });
}

/** Starts a process that opens streams and tells what came on them. */
export async function startReaders(): Promise<Server> {
  return startServer('./stream-clients.ts', { NODE_ENV: 'production' });
}

export async function startBaseline(
  name: 'create' | 'read' | 'poll' | 'static',
  redisUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Server> {
  return startServer(`./baselines/${name}.ts`, { REDIS_URL: redisUrl, NODE_ENV: 'production', ...env });
}

export async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1_024;
}

async function startServer(file: string, env: Readonly<Record<string, string>>): Promise<Server> {
  const { pid, waitForLine, end } = start(file, env);
  const port = await waitForLine(/listening on port (\d+)/);
  return { pid, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: end };
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

/** A process that ends with this one, however this one ends. Its log is read and thrown away, as a platform would collect it. */
function start(file: string, env: Readonly<Record<string, string>>, nodeFlags: readonly string[] = []) {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, path], {
    // As `npm start` has it.
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const watchdog = watchOver(['kill', '-KILL', '--', `-${child.pid}`], process.env);
  return {
    pid: child.pid ?? 0,
    /** The first group of the first line that matches, or the whole match. */
    async waitForLine(pattern: RegExp): Promise<string> {
      const lines = createInterface({ input: child.stdout });
      try {
        for await (const line of lines) {
          const match = pattern.exec(line);
          if (match !== null) return match[1] ?? match[0];
        }
        throw new Error(`${file} ended without a line like ${pattern}`);
      } finally {
        lines.close();
        child.stdout.resume();
      }
    },
    async end(): Promise<void> {
      child.kill('SIGTERM');
      await exited;
      watchdog.release();
    },
  };
}
