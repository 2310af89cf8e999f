import { readdir, readFile } from 'node:fs/promises';
import type { SpawnedProcess } from '@video-proxy/testkit';
import { onTestFinished } from 'vitest';
import { startCli } from '../run-cli.ts';

export interface RunningService {
  readonly process: SpawnedProcess;
  readonly origin: string;
}

/** `video-proxy start` on a free port of this machine, ended with the test. */
export async function startService(cwd: string, env: Readonly<Record<string, string>> = {}): Promise<RunningService> {
  const process = await startCli(['start'], { cwd, env: { HOST: '127.0.0.1', PORT: '0', ...env } });
  onTestFinished(async () => void (await process.close()));
  const [, port] = await process.waitForLine(/Video proxy listening on port (\d+)/, 20_000);
  return { process, origin: `http://127.0.0.1:${port}` };
}

/** The pids of the direct children whose command line contains `word`. */
export async function childrenOf(pid: number, word: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    // A process may end while it is looked at.
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent !== pid) continue;
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.includes(word)) found.push(Number(entry));
  }
  return found;
}
