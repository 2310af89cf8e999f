import { statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Deliveries } from '@video-proxy/ledger';
import type { Steps } from '@video-proxy/queue';
import type { MetricsOptions } from '@video-proxy/telemetry';
import type { Installation } from './operators/installation.ts';
import type { StorageState } from './storage-state.ts';

export interface MetricsSourceParts {
  readonly look: () => Promise<Installation>;
  readonly steps: Pick<Steps, 'counts'>;
  readonly deliveries: Pick<Deliveries, 'pending'>;
  readonly storageState: () => Promise<StorageState>;
  readonly storageUrl: string;
}

/** What the metrics tell of the whole installation: the same that operators see. */
export function metricsSource({
  look,
  steps,
  deliveries,
  storageState,
  storageUrl,
}: MetricsSourceParts): NonNullable<MetricsOptions['installation']> {
  return {
    async read() {
      const [{ facts, counts, workers, load }, stepCounts, pendingDeliveries] = await Promise.all([
        look(),
        steps.counts(),
        deliveries.pending(),
      ]);
      const { pollLagMs: pollOverdueMs, credential, holds } = facts;
      return { jobs: counts, steps: stepCounts, pollOverdueMs, pendingDeliveries, credential, holds, workers, load };
    },
    async storage() {
      const [{ state }, freeBytes] = await Promise.all([storageState(), freeBytesAt(storageUrl)]);
      return { isWritable: state === 'ok', freeBytes };
    },
  };
}

async function freeBytesAt(storageUrl: string): Promise<number | null> {
  if (!storageUrl.startsWith('file:')) return null;
  try {
    const { bavail, bsize } = await statfs(fileURLToPath(storageUrl));
    return bavail * bsize;
  } catch {
    // The folder is made with the first file.
    return null;
  }
}
