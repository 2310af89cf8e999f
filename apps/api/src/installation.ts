import { statfs } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ArtifactStorage } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { Steps } from '@video-proxy/queue';
import type { Installation, StorageState } from '@video-proxy/telemetry';
import { recent } from './recent.ts';

export interface InstallationParts {
  readonly ledger: Pick<Ledger, 'stateCounts' | 'credential' | 'holds' | 'workers' | 'load'>;
  readonly steps: Pick<Steps, 'counts' | 'firstDueMs'>;
  readonly storage: Pick<ArtifactStorage, 'check'>;
  readonly storageUrl: string;
  readonly now: () => number;
}

/** A look at the storage writes a small file, and costs money at some services. */
const storageFreshMs = 30_000;

/** What the metrics tell of the whole installation: sizes of indexes and lists, whose cost does not grow with the jobs. */
export function readInstallation({ ledger, steps, storage, storageUrl, now }: InstallationParts) {
  return {
    async read(): Promise<Installation> {
      const [jobs, counts, firstPollDueMs, credential, holds, workers, load] = await Promise.all([
        ledger.stateCounts(),
        steps.counts(),
        steps.firstDueMs('poll'),
        ledger.credential.read(),
        ledger.holds.read(),
        ledger.workers.list(now()),
        ledger.load(),
      ]);
      const pollOverdueMs = firstPollDueMs === null ? 0 : Math.max(0, now() - firstPollDueMs);
      return { jobs, steps: counts, pollOverdueMs, credential, holds, workers, load };
    },
    storage: recent(() => stateOf(storage, storageUrl), storageFreshMs, now),
  };
}

async function stateOf(storage: Pick<ArtifactStorage, 'check'>, storageUrl: string): Promise<StorageState> {
  const [isWritable, freeBytes] = await Promise.all([
    storage.check().then(
      () => true,
      () => false,
    ),
    freeBytesAt(storageUrl),
  ]);
  return { isWritable, freeBytes };
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
