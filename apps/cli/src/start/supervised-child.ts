import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '@video-proxy/contracts';

/** A program of this project that the supervisor keeps running. */
export interface ChildProgram {
  readonly name: 'sandbox' | 'api' | 'worker';
  /** Everything after `node`; asked anew at each start, like the environment. */
  args(): readonly string[];
  /** Addresses may have changed since the last start. */
  environment(): Environment;
  /** Where its output goes: to ours, or to a function. */
  readonly output: 'inherit' | ((text: string) => void);
  onMessage?(message: unknown): void;
}

export interface ChildEvents {
  /** It ended although nobody asked it to, and starts again after the pause. */
  restarting(name: string, how: string, pauseMs: number): void;
  /** It cannot even start (bad settings, port in use): another try would end the same way. */
  givenUp(name: string, how: string): void;
}

export interface SupervisedChild {
  readonly name: string;
  /** Asks it to end and waits; after `graceMs` it is killed. Later calls wait for the first one. */
  stop(graceMs: number): Promise<void>;
  /** Ends it in the same way; the usual restart brings it back, with its environment read anew. */
  renew(graceMs: number): void;
}

const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** A child that ran this long was healthy: the next pause is the shortest again. */
const healthyAfterMs = 30_000;
/** Exit code 1 this soon after the very first start is a refusal to start, not a crash. */
const refusalWithinMs = 10_000;

/**
 * Starts the program and starts it again whenever it ends. It gets a process group of its own, so that Ctrl-C reaches only
 * the supervisor, which then ends its children in order; and an IPC channel, whose end tells it that the supervisor is gone.
 */
export function superviseChild(program: ChildProgram, events: ChildEvents): SupervisedChild {
  let running: Running | null = null;
  let restart: NodeJS.Timeout | null = null;
  let stopped: Promise<void> | null = null;
  let starts = 0;
  let pauseMs = firstPauseMs;

  const start = () => {
    starts += 1;
    const startedMs = performance.now();
    const current = launch(program);
    running = current;
    void current.ended.then((end) => {
      running = null;
      if (stopped !== null) return;
      const livedMs = performance.now() - startedMs;
      if (starts === 1 && end.code === 1 && livedMs < refusalWithinMs) {
        events.givenUp(program.name, end.how);
        return;
      }
      if (livedMs > healthyAfterMs) pauseMs = firstPauseMs;
      events.restarting(program.name, end.how, pauseMs);
      restart = setTimeout(start, pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    });
  };
  start();

  return {
    name: program.name,
    stop(graceMs) {
      if (restart !== null) clearTimeout(restart);
      stopped ??= running === null ? Promise.resolve() : endProcess(running, graceMs);
      return stopped;
    },
    renew(graceMs) {
      if (running !== null) void endProcess(running, graceMs);
    },
  };
}

interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly how: string }>;
}

function launch(program: ChildProgram): Running {
  const stream = program.output === 'inherit' ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [...program.args()], {
    detached: true,
    env: { ...program.environment() },
    stdio: ['ignore', stream, stream, 'ipc'],
  });
  if (program.output !== 'inherit') {
    child.stdout?.setEncoding('utf8').on('data', program.output);
    child.stderr?.setEncoding('utf8').on('data', program.output);
  }
  child.on('message', (message) => program.onMessage?.(message));
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; how: string }>();
  child.once('exit', (code, signal) =>
    resolve({ code, how: signal === null ? `exit code ${code}` : `signal ${signal}` }),
  );
  child.once('error', (error) => resolve({ code: 1, how: error.message }));
  return { process: child, ended: promise };
}

async function endProcess(running: Running, graceMs: number): Promise<void> {
  const timer = setTimeout(() => running.process.kill('SIGKILL'), graceMs);
  running.process.kill('SIGTERM');
  await running.ended;
  clearTimeout(timer);
}
