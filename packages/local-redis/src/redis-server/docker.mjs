import { runCommand } from './run-command.mjs';

/**
 * @typedef {{ kind: 'image', image: string } | { kind: 'none', reason: string }} DockerImage
 */

const REDIS_IMAGE = 'redis:7-alpine';

/** A daemon that is there answers in tens of milliseconds; one that hangs must not hold up a start. */
const PROBE_TIMEOUT_MS = 2_000;
const PULL_TIMEOUT_MS = 60_000;

/**
 * Finds an image that is already on this machine. Only a daemon behind a local socket counts: with a remote one neither
 * the published port nor the data directory would be here.
 *
 * @param {{ env: NodeJS.ProcessEnv, image?: string }} options
 * @returns {Promise<DockerImage>}
 */
export async function findDockerImage({ env, image = REDIS_IMAGE }) {
  if (!(await localDaemonAnswers(env))) return { kind: 'none', reason: 'no local Docker daemon answers' };
  const local = await docker(['image', 'inspect', '--format', '{{.Id}}', image], env);
  return local.ok ? { kind: 'image', image } : { kind: 'none', reason: `Docker has no image ${image}` };
}

/**
 * @param {{ env: NodeJS.ProcessEnv, image?: string, say: (line: string) => void }} options
 * @returns {Promise<DockerImage>}
 */
export async function findOrPullDockerImage({ env, image = REDIS_IMAGE, say }) {
  const found = await findDockerImage({ env, image });
  if (found.kind === 'image' || !(await localDaemonAnswers(env))) return found;
  say(`pulling the Docker image ${image} (at most ${PULL_TIMEOUT_MS / 1000} s)`);
  const pulled = await docker(['pull', '--quiet', image], env, PULL_TIMEOUT_MS);
  return pulled.ok ? { kind: 'image', image } : { kind: 'none', reason: `Docker cannot pull ${image}` };
}

/** @param {NodeJS.ProcessEnv} env */
async function localDaemonAnswers(env) {
  const endpoint = await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], env);
  if (!endpoint.ok || !/^(unix|npipe):/.test(endpoint.stdout.trim())) return false;
  const version = await docker(['version', '--format', '{{.Server.Version}}'], env);
  return version.ok;
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function docker(args, env, timeoutMs = PROBE_TIMEOUT_MS) {
  return runCommand('docker', args, { env, timeoutMs });
}
