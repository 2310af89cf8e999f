import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@video-proxy/contracts';
import { Problem } from '../problem.ts';
import { launchService } from '../start/launch-service.ts';
import { programPaths } from '../start/program-paths.ts';
import { demoEnvironment } from './demo-environment.ts';

export interface DemoService extends AsyncDisposable {
  readonly origin: string;
  /** Rejects when the service cannot go on; never resolves. */
  readonly failed: Promise<never>;
  /** The last lines of its log, for when something goes wrong. */
  logTail(): readonly string[];
}

/** Quick enough to watch, slow enough to see the progress move. */
const secondsPerGeneration = 4;
const logTailLines = 15;

/** A whole service of the demo's own: private folder, private Redis, free port, always the sandbox. */
export async function startDemoService(environment: Environment, signal: AbortSignal): Promise<DemoService> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-demo-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));

  const log: string[] = [];
  const keep = (line: string) => {
    log.push(line);
    if (log.length > logTailLines) log.shift();
  };
  const port = Promise.withResolvers<string>();
  const service = await launchService({
    environment: demoEnvironment(environment, dataDir),
    dataDir,
    sandbox: { secondsPerGeneration },
    programs: programPaths(),
    output(text) {
      for (const line of text.split('\n').filter((part) => part !== '')) {
        keep(line);
        const [, found] = /listening on port (\d+)/.exec(line) ?? [];
        if (found !== undefined) port.resolve(found);
      }
    },
    note: keep,
    signal,
  });
  opened.defer(() => service.stop());

  const failed = service.failed.then((reason): never => {
    throw new Problem(`The demo's service could not go on: ${reason}`, log);
  });
  // It is raced several times; between two races it must not count as unhandled.
  failed.catch(() => undefined);
  const origin = `http://127.0.0.1:${await Promise.race([port.promise, failed, aborted(signal)])}`;
  const held = opened.move();
  return { origin, failed, logTail: () => log, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
