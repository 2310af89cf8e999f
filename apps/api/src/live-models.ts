import { setTimeout as pause } from 'node:timers/promises';
import type { ProviderEvidence } from '@video-proxy/core';
import type { FastifyBaseLogger } from 'fastify';

/** New models appear about weekly. */
const refreshIntervalMs = 3_600_000;
const retryIntervalMs = 60_000;

export interface LiveModelsParts<Model> {
  readonly list: (
    signal: AbortSignal,
  ) => Promise<
    | { readonly kind: 'listed'; readonly models: readonly Model[] }
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'unavailable'; readonly evidence: ProviderEvidence }
  >;
  readonly refresh: (models: readonly Model[]) => void;
  readonly log: FastifyBaseLogger;
}

/** Keeps the catalog in step with the provider's live list. Without an answer the documented models stay as they are. */
export function followLiveModels<Model>({ list, refresh, log }: LiveModelsParts<Model>): AsyncDisposable {
  const stop = new AbortController();

  async function refreshOnce(): Promise<number> {
    const outcome = await list(stop.signal);
    switch (outcome.kind) {
      case 'listed':
        refresh(outcome.models);
        log.info({ models: outcome.models.length }, 'the catalog follows the live list of the provider');
        return refreshIntervalMs;
      case 'unchanged':
        return refreshIntervalMs;
      case 'unavailable':
        log.debug({ provider: outcome.evidence }, 'the live list of models could not be read');
        return retryIntervalMs;
    }
  }

  const following = (async () => {
    while (!stop.signal.aborted) {
      const waitMs = await refreshOnce();
      await pause(waitMs, undefined, { signal: stop.signal });
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) log.error({ err: error }, 'the live list of models is not followed any more');
  });

  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
    },
  };
}
