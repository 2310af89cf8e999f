import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactStorage } from '@video-proxy/core';
import { openFileStorage } from './file-storage.ts';

/** Thrown for a `STORAGE_URL` that names no storage. The text is for the operator, and repeats no part of the value but its scheme. */
export class StorageUrlError extends Error {
  override readonly name = 'StorageUrlError';
  readonly code = 'storage_url_invalid';
}

/** Opens the storage of `STORAGE_URL`: `file:///absolute/path`, or `file:path` from the working directory. */
export function openStorage(storageUrl: string): ArtifactStorage {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(storageUrl)?.[1]?.toLowerCase();
  if (scheme === 'file') return openFileStorage({ directory: directoryOf(storageUrl) });
  if (scheme === 's3') {
    throw new StorageUrlError(
      'STORAGE_URL: s3:// is not available in this version. Use file:///path, on a volume that the API and all workers share.',
    );
  }
  throw new StorageUrlError(
    scheme === undefined
      ? 'STORAGE_URL has to be a URL such as file:///data/videos.'
      : `STORAGE_URL: "${scheme}:" is not a kind of storage. Use file:///path.`,
  );
}

function directoryOf(fileUrl: string): string {
  const path = fileUrl.slice('file:'.length);
  if (path === '') throw new StorageUrlError('STORAGE_URL: "file:" needs a path, such as file:///data/videos.');
  if (!path.startsWith('/')) return resolve(decodeURIComponent(path));
  try {
    return fileURLToPath(fileUrl);
  } catch (error) {
    throw new StorageUrlError(
      'STORAGE_URL: a file: URL with an absolute path has three slashes, file:///data/videos.',
      {
        cause: error,
      },
    );
  }
}
