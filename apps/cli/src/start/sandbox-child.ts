import type { Environment } from '@video-proxy/contracts';
import type { ProgramPaths } from './program-paths.ts';
import { type ChildEvents, type ChildProgram, type SupervisedChild, superviseChild } from './supervised-child.ts';

/** What the supervised sandbox tells its parent once it listens. */
export interface SandboxReady {
  readonly type: 'sandbox_ready';
  readonly url: string;
}

export interface SandboxChildOptions {
  readonly environment: Environment;
  readonly programs: ProgramPaths;
  readonly journalPath: string;
  /** How long a generation takes; null leaves it to the sandbox. */
  readonly secondsPerGeneration: number | null;
  readonly output: ChildProgram['output'];
  readonly signal: AbortSignal;
}

/**
 * The sandbox in a process of its own, as far away as the real provider: it survives a restart of the worker, and the other
 * way round. It keeps the port of its first start, because the others know it by then.
 */
export async function keepSandboxRunning(
  options: SandboxChildOptions,
  events: ChildEvents,
): Promise<{ readonly child: SupervisedChild; readonly url: string }> {
  const ready = Promise.withResolvers<string>();
  const args = [
    options.programs.cli,
    'sandbox',
    '--supervised',
    '--host',
    '127.0.0.1',
    '--journal',
    options.journalPath,
  ];
  if (options.secondsPerGeneration !== null) args.push('--seconds', String(options.secondsPerGeneration));
  let port = '0';
  const child = superviseChild(
    {
      name: 'sandbox',
      args: () => [...args, '--port', port],
      environment: () => options.environment,
      output: options.output,
      onMessage(message) {
        if (!isSandboxReady(message)) return;
        port = new URL(message.url).port;
        ready.resolve(message.url);
      },
    },
    {
      ...events,
      givenUp(name, how) {
        events.givenUp(name, how);
        ready.reject(new Error(`${name} could not start (${how})`));
      },
    },
  );
  const abandon = () => ready.reject(options.signal.reason);
  options.signal.addEventListener('abort', abandon, { once: true });
  try {
    return { child, url: await ready.promise };
  } catch (error) {
    await child.stop(0);
    throw error;
  } finally {
    options.signal.removeEventListener('abort', abandon);
  }
}

function isSandboxReady(message: unknown): message is SandboxReady {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'sandbox_ready';
}
