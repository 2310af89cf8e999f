import type { WorkerParts } from '../worker-parts.ts';

const filesAtOnce = 50;

/** Deletes files of jobs that are gone, which could not be deleted when that was asked for. */
export async function deleteLeftFiles({
  ledger,
  storage,
  log,
}: Pick<WorkerParts, 'ledger' | 'storage' | 'log'>): Promise<void> {
  const left: { readonly storageKey: string; readonly error: unknown }[] = [];
  for (const storageKey of await ledger.leftFiles.some(filesAtOnce)) {
    try {
      await storage.delete(storageKey);
      await ledger.leftFiles.remove(storageKey);
      log.info({ storageKey }, 'a file that was left behind has been deleted');
    } catch (error) {
      left.push({ storageKey, error });
    }
  }
  const [first] = left;
  if (first === undefined) return;
  const told = { err: first.error, storageKey: first.storageKey, files: left.length };
  log.warn(told, 'files that were left behind cannot be deleted yet; this is the first of them');
}

/** Deletes what crashes left on this machine's disk, and after the retention time what was kept aside as no video. */
export async function sweepDisk({ fetcher, limits }: Pick<WorkerParts, 'fetcher' | 'limits'>): Promise<void> {
  await fetcher.sweep({ rejectedForMs: limits.retentionMs });
}
