import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrPullDockerImage, startLocalRedis } from '@video-proxy/local-redis';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis all tests of this run share; every test keeps to its own `testNamespace()`. */
    redisUrl: string;
  }
}

const CONTAINER_START_TIMEOUT_MS = 15_000;
const CONTAINER_SETTINGS = [
  '--save',
  '',
  '--appendonly',
  'no',
  '--maxmemory-policy',
  'noeviction',
  '--protected-mode',
  'no',
];

export type TestRedis = AsyncDisposable & {
  readonly url: string;
  /** One line for the person who runs the tests. */
  readonly origin: string;
};

/** Vitest calls this once before all test files (`globalSetup`), and what it returns after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await openTestRedis(process.env);
  project.vitest.logger.log(`Redis for the tests: ${redis.origin}`);
  project.provide('redisUrl', redis.url);
  return async () => redis[Symbol.asyncDispose]();
}

/**
 * `TEST_REDIS_URL` first, then a container of `TEST_REDIS_IMAGE` when a Docker daemon answers and has the image or can
 * get it soon, else a private redis-server that keeps nothing.
 */
export async function openTestRedis(env: NodeJS.ProcessEnv): Promise<TestRedis> {
  const given = env['TEST_REDIS_URL'];
  if (given !== undefined && given !== '') {
    return { url: given, origin: 'TEST_REDIS_URL', [Symbol.asyncDispose]: async () => {} };
  }
  const image = env['TEST_REDIS_IMAGE'];
  const docker = await findOrPullDockerImage({ env, say: () => {}, ...(image === undefined ? {} : { image }) });
  if (docker.kind === 'none') return openPrivateServer(env);
  try {
    return await openContainer(docker.image);
  } catch (error) {
    // A daemon that answers and still cannot run a container is no reason not to test.
    const server = await openPrivateServer(env);
    return { ...server, origin: `${server.origin}, as Docker cannot run ${docker.image}: ${error}` };
  }
}

async function openContainer(image: string): Promise<TestRedis> {
  // Its reaper is a second image that may not be there; the container is stopped here and removes itself.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withCommand(['redis-server', ...CONTAINER_SETTINGS])
    .withExposedPorts(6379)
    // The log and not the port: looking for the port takes a shell and tools inside the image.
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .withStartupTimeout(CONTAINER_START_TIMEOUT_MS)
    .withAutoRemove(true)
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    origin: `a container of ${image}`,
    [Symbol.asyncDispose]: async () => {
      await container.stop();
    },
  };
}

async function openPrivateServer(env: NodeJS.ProcessEnv): Promise<TestRedis> {
  const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-test-redis-'));
  const redis = await startLocalRedis({ dataDir, persistence: 'none', env });
  return {
    url: redis.url,
    origin: 'a private redis-server',
    [Symbol.asyncDispose]: async () => {
      await redis.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
