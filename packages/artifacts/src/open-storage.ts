import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactStorage } from '@video-proxy/core';
import { openFileStorage } from './file-storage.ts';
import { readS3Url, type S3Access, type S3Location } from './s3-location.ts';

/** Thrown for a `STORAGE_URL` that names no storage. The text is for the operator, and repeats no part of the value but its scheme. */
export class StorageUrlError extends Error {
  override readonly name = 'StorageUrlError';
  readonly code = 'storage_url_invalid';
}

/**
 * Opens the storage of `STORAGE_URL`: `file:///absolute/path`, `file:path` from the working directory, or
 * `s3://bucket/prefix` with what else has to be known about the service.
 */
export function openStorage(storageUrl: string, s3: S3Access): ArtifactStorage {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(storageUrl)?.[1]?.toLowerCase();
  if (scheme === 'file') return openFileStorage({ directory: directoryOf(storageUrl) });
  if (scheme === 's3') return openLazily(s3LocationOf(storageUrl, s3));
  throw new StorageUrlError(
    scheme === undefined
      ? 'STORAGE_URL has to be a URL such as file:///data/videos.'
      : `STORAGE_URL: "${scheme}:" is not a kind of storage. Use file:///path or s3://bucket/prefix.`,
  );
}

function s3LocationOf(storageUrl: string, s3: S3Access): S3Location {
  const place = readS3Url(storageUrl);
  if (place !== null) return { ...s3, ...place };
  throw new StorageUrlError(
    'STORAGE_URL: s3: needs a bucket, and may have a prefix of letters, digits, ".", "_", "-": s3://bucket/prefix. Keys and the address of the service have settings of their own.',
  );
}

/** The SDK takes longer to load than everything else at start, and an API can do without it until a file is asked for. */
function openLazily(location: S3Location): ArtifactStorage {
  let opened: Promise<ArtifactStorage> | null = null;
  const storage = () => (opened ??= import('./s3-storage.ts').then(({ openS3Storage }) => openS3Storage(location)));
  return {
    put: async (key, localPath) => (await storage()).put(key, localPath),
    stat: async (key) => (await storage()).stat(key),
    open: async (key, range) => (await storage()).open(key, range),
    delete: async (key) => (await storage()).delete(key),
    link: async (key, shown) => (await storage()).link(key, shown),
    check: async () => (await storage()).check(),
  };
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
