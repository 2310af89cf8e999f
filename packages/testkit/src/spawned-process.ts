import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { watchOver } from '@video-proxy/local-redis';
import { trackOpen } from './open-resources.ts';

export type SpawnOptions = {
  /** Default: the Node that runs the tests. */
  readonly command?: string;
  readonly args: readonly string[];
  /** All that the process gets beside PATH, HOME and Node's cache: nothing else of a developer's environment leaks into a test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

export type ProcessExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type SpawnedProcess = AsyncDisposable & {
  readonly pid: number;
  /** The lines so far, without their ends. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The first line of either output that matches, printed already or yet to come. */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<ProcessExit>;
  /** Asks the process to end, insists after a while, and sweeps up what it left in its process group. */
  close(): Promise<ProcessExit>;
};

const LINE_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 10_000;
const TAIL_LINES = 30;

/** Starts a real process. A test that does not close it fails; a test run that is killed takes it along. */
export async function spawnProcess(options: SpawnOptions): Promise<SpawnedProcess> {
  const { command = process.execPath, args, env = {}, cwd = process.cwd() } = options;
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const base = { PATH, HOME, LANG: 'C.UTF-8', ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };
  const child = spawn(command, args, {
    cwd,
    env: { ...base, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const watchdog = watchOver(['kill', '-KILL', '--', `-${pid}`], process.env);
  const tracked = trackOpen(`the process ${pid} (${[command, ...args].join(' ')})`, () => killGroup(pid));
  const exited = exitOf(child).then((exit) => {
    tracked.closed();
    watchdog.release();
    return exit;
  });
  const output = readLines(child);
  const close = async () => {
    const timer = setTimeout(() => killGroup(pid), CLOSE_TIMEOUT_MS);
    child.kill('SIGTERM');
    const exit = await exited;
    clearTimeout(timer);
    killGroup(pid);
    return exit;
  };
  return {
    pid,
    stdout: output.stdout,
    stderr: output.stderr,
    waitForLine: (pattern, timeoutMs = LINE_TIMEOUT_MS) => output.waitFor(pattern, timeoutMs, exited),
    signal: (signal) => void child.kill(signal),
    exited,
    close,
    [Symbol.asyncDispose]: async () => void (await close()),
  };
}

/** Ends when the output is complete, not just the process. */
function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left, which is what is wanted.
  }
}

function readLines(child: ChildProcess) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const all: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const [stream, lines] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      all.push(line);
      for (const listener of listeners) listener(line);
    });
  }

  const waitFor = async (pattern: RegExp, timeoutMs: number, exited: Promise<ProcessExit>) => {
    for (const line of all) {
      const match = pattern.exec(line);
      if (match !== null) return match;
    }
    return new Promise<RegExpExecArray>((resolve, reject) => {
      const give = (finish: () => void) => {
        listeners.delete(look);
        clearTimeout(timer);
        finish();
      };
      const fail = (why: string) => {
        const tail = all.slice(-TAIL_LINES).join('\n');
        give(() => reject(new Error(`${why} without a line like ${pattern}. Its last lines:\n${tail}`)));
      };
      const look = (line: string) => {
        const match = pattern.exec(line);
        if (match !== null) give(() => resolve(match));
      };
      const timer = setTimeout(() => fail(`The process went on for ${timeoutMs} ms`), timeoutMs);
      listeners.add(look);
      void exited.then(({ code, signal }) => fail(`The process ended (${signal ?? code})`));
    });
  };
  return { stdout, stderr, waitFor };
}
