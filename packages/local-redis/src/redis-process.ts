import { spawn } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import type { NetConnectOpts } from 'node:net';

/** A server that was started, whichever way; not necessarily one that answers yet. */
export type RedisProcess = {
  readonly url: string;
  readonly address: NetConnectOpts;
  /** Of the server, or of the Docker client that stands for it. */
  readonly pid: number;
  /** Resolves once the server is gone, with words about how. */
  readonly ended: Promise<string>;
  /** Lets the server write what it holds, then ends it; resolves when it is gone. */
  stop(): Promise<void>;
};

export type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: FileHandle;
};

export type Started = Pick<RedisProcess, 'pid' | 'ended'> & { kill(signal: NodeJS.Signals): void };

const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts a program that outlasts a Ctrl-C in the terminal, because it has a process group of its own: Redis must end
 * after the programs that use it. It does not keep this process alive. Throws when the program cannot be run at all.
 */
export async function startProgram({ command, args, cwd, env, log }: Program): Promise<Started> {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log.fd, log.fd] });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', reject);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`);
    });
  });
  child.unref();
  return { pid, ended, kill: (signal) => void child.kill(signal) };
}

/** Asks first and insists after `STOP_TIMEOUT_MS`. */
export async function endWithin(ended: Promise<unknown>, ask: () => void, insist: () => void): Promise<void> {
  const timer = setTimeout(insist, STOP_TIMEOUT_MS);
  ask();
  await ended;
  clearTimeout(timer);
}
