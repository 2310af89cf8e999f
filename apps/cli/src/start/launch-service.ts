import { join } from 'node:path';
import type { Environment } from '@video-proxy/contracts';
import { keepRedisRunning } from './embedded-redis.ts';
import type { ProgramPaths } from './program-paths.ts';
import { keepSandboxRunning } from './sandbox-child.ts';
import { type ChildEvents, type ChildProgram, type SupervisedChild, superviseChild } from './supervised-child.ts';

/** Bounds, in MB, what Node takes for short-lived memory: without it a busy worker takes some 40 MB more (measured). */
const nodeFlags = { api: [], worker: ['--max-semi-space-size=8'] } as const;

export interface ServiceOptions {
  readonly environment: Environment;
  readonly dataDir: string;
  /** Where jobs go when the built-in sandbox stands in for the provider; null when it is not wanted. */
  readonly sandbox: { readonly secondsPerGeneration: number | null } | null;
  readonly programs: ProgramPaths;
  readonly output: ChildProgram['output'];
  /** Told what happens to the processes, as lines for a person. */
  note(line: string): void;
  readonly signal: AbortSignal;
}

export interface RunningService {
  /** Resolves with the reason when the service cannot go on; never while all is well. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** Together with Redis' own end this stays below the 30 s after which platforms kill; children of a tier end side by side. */
const graceMs = 10_000;

/**
 * Redis, the sandbox, the API and the worker, in this order, each needed by the next. They end in the opposite order, so
 * that a worker never meets a provider that left before it, nor Redis an unsaved state.
 */
export async function launchService(options: ServiceOptions): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  const failure = Promise.withResolvers<string>();
  const events = childEvents(options.note, failure.resolve);
  const addresses: { REDIS_URL?: string; AIMLAPI_BASE_URL?: string } = {};
  const children: SupervisedChild[] = [];

  if ((options.environment['REDIS_URL'] ?? '') === '') {
    const redis = await keepRedisRunning({
      dataDir: join(options.dataDir, 'redis'),
      environment: options.environment,
      note: options.note,
      moved(url) {
        addresses.REDIS_URL = url;
        for (const child of children) child.renew(graceMs);
      },
      failed: failure.resolve,
    });
    opened.defer(() => redis.close());
    addresses.REDIS_URL = redis.url;
  }
  options.signal.throwIfAborted();
  if (options.sandbox !== null) {
    const sandbox = await keepSandboxRunning(
      { ...options, ...options.sandbox, journalPath: join(options.dataDir, 'sandbox', 'journal.jsonl') },
      events,
    );
    opened.defer(() => sandbox.child.stop(graceMs));
    addresses.AIMLAPI_BASE_URL = sandbox.url;
  }
  for (const name of ['api', 'worker'] as const) {
    const child = superviseChild(
      {
        name,
        args: () => [...nodeFlags[name], options.programs[name], '--supervised'],
        environment: () => ({ ...options.environment, ...addresses }),
        output: options.output,
      },
      events,
    );
    children.push(child);
  }
  opened.defer(async () => void (await Promise.all(children.map((child) => child.stop(graceMs)))));

  const held = opened.move();
  return { failed: failure.promise, stop: () => held.disposeAsync() };
}

function childEvents(note: (line: string) => void, fail: (reason: string) => void): ChildEvents {
  return {
    restarting: (name, how, pauseMs) => note(`${name} ended (${how}); it starts again in ${pauseMs / 1000} s`),
    givenUp: (name, how) => fail(`${name} could not start (${how}); its own message is above`),
  };
}
