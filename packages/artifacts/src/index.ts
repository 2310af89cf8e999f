/**
 * From the provider's link to a verified file on our storage.
 * `createArtifactFetcher` downloads into a temporary file (download.ts, only to where packages/outbound allows), has it examined in a
 * process of its own (verify-video.ts), and hands it to a storage in one move: what has a storage key is a whole, playable video.
 */
export { type ArtifactFetcherOptions, createArtifactFetcher } from './artifact-fetcher.ts';
export { discardFiles } from './discard-files.ts';
export { type FileStorageOptions, openFileStorage } from './file-storage.ts';
export { openStorage, StorageUrlError } from './open-storage.ts';
export { readWhole } from './read-whole.ts';
export type { DownloadLimits } from './resumable-transfer.ts';
export type { S3Access } from './s3-location.ts';
export { assertStorageKey, StorageKeyError, videoKey } from './storage-key.ts';
export { sweepTemporaryFiles } from './temporary-files.ts';
export { verifyVideo } from './verify-video.ts';
export type { InvalidVideo, ValidVideo, VideoVerdict } from './video-verdict.ts';
