import { setTimeout as pause } from 'node:timers/promises';

export interface Reports {
  failed(error: unknown): void;
  recovered(): void;
}

/**
 * Runs a task again and again, one run at a time, with a pause between. A failing run does not end the series, because
 * upkeep has to go on when Redis is back; of a row of failures only the first is reported, and its end.
 */
export function every(
  intervalMs: number,
  task: (signal: AbortSignal) => Promise<unknown>,
  reports: Reports,
): { close(): Promise<void> } {
  const stop = new AbortController();
  let failing = false;

  async function run(): Promise<void> {
    try {
      await task(stop.signal);
      if (failing) reports.recovered();
      failing = false;
    } catch (error) {
      if (!failing && !stop.signal.aborted) reports.failed(error);
      failing = true;
    }
  }

  const running = (async () => {
    while (!stop.signal.aborted) {
      await run();
      await pause(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();

  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}
