import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SpawnedProcess, spawnProcess } from '@video-proxy/testkit';

const cliPath = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The command as a person runs it: a process of its own, in a folder of its own. */
export function startCli(args: readonly string[], { env = {}, cwd }: CliOptions): Promise<SpawnedProcess> {
  return spawnProcess({ args: [cliPath, ...args], env, cwd });
}

export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const running = await startCli(args, options);
  const { code } = await running.exited;
  return { code, stdout: running.stdout.join('\n'), stderr: running.stderr.join('\n') };
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'video-proxy-cli-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
