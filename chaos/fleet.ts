import { setTimeout as pause } from 'node:timers/promises';
import type { SpawnedProcess } from '@video-proxy/testkit/processes';
import { freePort } from '@video-proxy/testkit/processes';
import type { OwnRedisInstallation } from '../test/installation.ts';

export type Victim = 'worker' | 'api' | 'redis';

/** The processes of an installation that are killed and started again, and all they ever printed. */
export interface Fleet {
  /** Where the API is, whichever process it is at the moment. */
  readonly url: string;
  readonly kills: Readonly<Record<Victim, number>>;
  /** SIGKILL, an absence of `awayMs`, a new start; resolves when the new one is ready. */
  crash(victim: Victim, awayMs: number): Promise<void>;
  /** Ends the workers as a deploy does and starts one with other settings. */
  replaceWorkers(changes: Readonly<Record<string, string>>): Promise<void>;
  logLines(): string[];
}

const workersAtOnce = 2;

export async function startFleet(installation: OwnRedisInstallation): Promise<Fleet> {
  const port = await freePort();
  const everStarted: SpawnedProcess[] = [];
  const keep = (started: SpawnedProcess) => {
    everStarted.push(started);
    return started;
  };
  const startApi = async () => keep((await installation.startApi({ PORT: String(port) })).process);
  const startWorker = async (changes = {}) => keep(await installation.startWorker(changes));

  let api = await startApi();
  const workers = await Promise.all(Array.from({ length: workersAtOnce }, () => startWorker()));
  const kills = { worker: 0, api: 0, redis: 0 };

  const crashApi = async (awayMs: number) => {
    await killed(api);
    await pause(awayMs);
    api = await startApi();
  };
  const crashWorker = async (awayMs: number) => {
    // The oldest first, so that no two crashes in a row meet the same one.
    const worker = workers.shift();
    if (worker !== undefined) await killed(worker);
    await pause(awayMs);
    workers.push(await startWorker());
  };
  return {
    url: `http://127.0.0.1:${port}`,
    kills,
    async crash(victim, awayMs) {
      kills[victim] += 1;
      switch (victim) {
        case 'api':
          return crashApi(awayMs);
        case 'worker':
          return crashWorker(awayMs);
        case 'redis':
          return installation.crashRedis(awayMs);
      }
    },
    async replaceWorkers(changes) {
      await Promise.all(workers.splice(0).map((worker) => worker.close()));
      workers.push(await startWorker(changes));
    },
    logLines: () => everStarted.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]),
  };
}

async function killed(victim: SpawnedProcess): Promise<void> {
  victim.signal('SIGKILL');
  await victim.exited;
}
