import type { ArtifactStorage } from '@video-proxy/core';

/** Where files are remembered that could not be deleted: a worker tries them again. */
interface LeftFiles {
  add(storageKeys: readonly string[]): Promise<void>;
}

/** Deletes files that belong to nothing any more. What the storage does not delete now is remembered, never forgotten. */
export async function discardFiles(
  { storage, leftFiles }: { readonly storage: Pick<ArtifactStorage, 'delete'>; readonly leftFiles: LeftFiles },
  storageKeys: readonly string[],
): Promise<void> {
  for (const key of storageKeys) await storage.delete(key).catch(() => leftFiles.add([key]));
}
