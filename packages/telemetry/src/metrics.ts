import type { ArtifactFetcher } from '@video-proxy/core';
import { deliveryMetrics } from './delivery-metrics.ts';
import type { DeliveryObserver } from './delivery-observer.ts';
import { countedFetcher } from './file-metrics.ts';
import { type Installation, installationMetrics, type StorageState } from './installation-metrics.ts';
import { jobMetrics } from './job-metrics.ts';
import type { JobObserver } from './job-observer.ts';
import { openRegistry, type ProcessDescription } from './process-metrics.ts';
import { type ProviderCall, providerMetrics } from './provider-metrics.ts';

/** The answer to a scrape. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** What one process tells Prometheus. Labels have values from closed lists only: never an owner, an id or a text of users. */
export interface Metrics {
  readonly jobs: JobObserver;
  readonly deliveries: DeliveryObserver;
  readonly providerCalled: (call: ProviderCall) => void;
  countFetches(fetcher: ArtifactFetcher, now: () => number): ArtifactFetcher;
  expose(): Promise<Exposition>;
}

export interface MetricsOptions extends ProcessDescription {
  /** The name of a model as a label, or null for one that is not in the catalog. */
  readonly knownModel: (model: string) => string | null;
  /** Asked at each scrape, by the one kind of process that tells what all share; rejects when the job store is away. */
  readonly installation?: {
    readonly read: () => Promise<Installation>;
    readonly storage: () => Promise<StorageState>;
  };
}

export function openMetrics({ knownModel, installation, ...description }: MetricsOptions): Metrics {
  const registry = openRegistry(description);
  const update = installation === undefined ? null : installationMetrics(registry);
  return {
    jobs: jobMetrics(registry, (model) => knownModel(model) ?? 'other'),
    deliveries: deliveryMetrics(registry),
    providerCalled: providerMetrics(registry),
    countFetches: (fetcher, now) => countedFetcher(registry, fetcher, now),
    async expose() {
      if (installation !== undefined) {
        const [shared, storage] = await Promise.allSettled([installation.read(), installation.storage()]);
        update?.(foundBy(shared), foundBy(storage));
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

const foundBy = <T>(result: PromiseSettledResult<T>): T | null => (result.status === 'fulfilled' ? result.value : null);
