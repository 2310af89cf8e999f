import { discardFiles } from '@video-proxy/artifacts';
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
    await discardFiles({ storage, leftFiles: ledger.leftFiles }, [file.storageKey]);
    await ledger.inputs.remove(file);
  }
}
