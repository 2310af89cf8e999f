import { findOrPullDockerImage } from '@video-proxy/local-redis';
import type { S3Keys } from './s3-signature.ts';

export interface Minio extends AsyncDisposable {
  readonly url: string;
  readonly keys: S3Keys;
}

const imageByDefault = 'minio/minio';
const startTimeoutMs = 60_000;
const port = 9000;

/** The image of a real S3-compatible service, when a Docker daemon answers and has it or can get it soon; `TEST_MINIO_IMAGE` names another. */
export async function findMinioImage(env: NodeJS.ProcessEnv): Promise<string | null> {
  const image = env['TEST_MINIO_IMAGE'] ?? imageByDefault;
  const docker = await findOrPullDockerImage({ env, say: () => {}, image });
  return docker.kind === 'none' ? null : docker.image;
}

export async function startMinio(image: string): Promise<Minio> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const keys = { accessKeyId: 'minio-test', secretAccessKey: 'minio-test-secret' };
  const container = await new GenericContainer(image)
    .withCommand(['server', '/data'])
    .withEnvironment({ MINIO_ROOT_USER: keys.accessKeyId, MINIO_ROOT_PASSWORD: keys.secretAccessKey })
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp('/minio/health/ready', port))
    .withStartupTimeout(startTimeoutMs)
    .withAutoRemove(true)
    .start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(port)}`,
    keys,
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}
