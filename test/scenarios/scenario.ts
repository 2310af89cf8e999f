import { expect, test, vi } from 'vitest';
import { type Api, type Installation, startInstallation, startInstallationOn } from '../installation.ts';

/** Something that has to go well on every kind of Redis that is supported. */
export interface Scenario {
  readonly title: string;
  readonly settings?: Settings;
  play(installation: Installation): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

const boundMs = 180_000;

/** One test for each scenario, on a single Redis of its own. They wait more than they work, so several go at a time. */
export function playAll(scenarios: readonly Scenario[]): void {
  for (const { title, settings, play } of scenarios) {
    test.concurrent(title, { timeout: boundMs }, async () => {
      await using installation = await startInstallation(settings);
      await play(patient(installation));
    });
  }
}

/** The same on a Redis of another kind, a new one for each. */
export function playAllOn(
  start: () => Promise<AsyncDisposable & { readonly url: string }>,
  scenarios: readonly Scenario[],
): void {
  for (const { title, settings, play } of scenarios) {
    test.concurrent(title, { timeout: boundMs }, async () => {
      await using redis = await start();
      await using installation = await startInstallationOn(redis.url, settings);
      await play(patient(installation));
    });
  }
}

/** An API listens before it has found its Redis, which takes longer where there are several. */
function patient(installation: Installation): Installation {
  const startApi = async (changes?: Settings): Promise<Api> => {
    const api = await installation.startApi(changes);
    await vi.waitFor(async () => expect((await fetch(`${api.url}/readyz`)).status).toBe(200), { timeout: boundMs });
    return api;
  };
  return { ...installation, startApi };
}
