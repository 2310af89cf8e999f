import type { WorkerParts } from '../worker-parts.ts';

const filesAtOnce = 50;

/** Deletes files of jobs that are gone, which could not be deleted when that was asked for. */
export async function deleteLeftFiles({
  ledger,
  storage,
  log,
}: Pick<WorkerParts, 'ledger' | 'storage' | 'log'>): Promise<void> {
  for (const storageKey of await ledger.leftFiles.some(filesAtOnce)) {
    try {
      await storage.delete(storageKey);
      await ledger.leftFiles.remove(storageKey);
      log.info({ storageKey }, 'a file that was left behind has been deleted');
    } catch (error) {
      log.warn({ err: error, storageKey }, 'a file that was left behind cannot be deleted yet');
    }
  }
}

/** Deletes what crashes left on this machine's disk, and after the retention time what was kept aside as no video. */
export async function sweepDisk({ fetcher, limits }: Pick<WorkerParts, 'fetcher' | 'limits'>): Promise<void> {
  await fetcher.sweep({ rejectedForMs: limits.retentionMs });
}
