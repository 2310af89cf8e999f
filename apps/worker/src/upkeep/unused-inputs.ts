import type { WorkerParts } from '../worker-parts.ts';

const filesAtOnce = 50;

/** Removes files that nobody has made a video from for the retention time. */
export async function removeUnusedInputs({
  ledger,
  storage,
  limits,
  now,
}: Pick<WorkerParts, 'ledger' | 'storage' | 'limits' | 'now'>): Promise<void> {
  for (const file of await ledger.inputs.unusedSince(now() - limits.retentionMs, filesAtOnce)) {
    try {
      await storage.delete(file.storageKey);
    } catch {
      await ledger.leftFiles.add([file.storageKey]);
    }
    await ledger.inputs.remove(file);
  }
}
