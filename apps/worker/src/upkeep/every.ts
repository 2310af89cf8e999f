import { setTimeout as pause } from 'node:timers/promises';

export interface Reports {
  failed(error: unknown): void;
  recovered(): void;
}

export interface Repeating {
  /** The next run comes at once, also when one is under way. */
  wake(): void;
  close(): Promise<void>;
}

/**
 * Runs a task again and again, one run at a time, with a pause between. A failing run does not end the series, because
 * upkeep has to go on when Redis is back; of a row of failures only the first is reported, and its end.
 */
export function every(
  intervalMs: number,
  task: (signal: AbortSignal) => Promise<unknown>,
  reports: Reports,
): Repeating {
  const stop = new AbortController();
  let rest = new AbortController();
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
      rest = new AbortController();
      await run();
      const signal = AbortSignal.any([stop.signal, rest.signal]);
      await pause(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  })();

  return {
    wake: () => rest.abort(),
    async close() {
      stop.abort();
      await running;
    },
  };
}
