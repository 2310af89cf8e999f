import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ArtifactFetcher,
  type ArtifactStorage,
  type FetchOutcome,
  StorageUnavailableError,
  said,
  saidWithin,
} from '@video-proxy/core';
import { openOutboundAgent } from '@video-proxy/outbound';
import { assertRoom, diskTrouble } from './disk-trouble.ts';
import { download } from './download.ts';
import { drawPoster } from './draw-poster.ts';
import { openPartFile, type PartFile } from './part-file.ts';
import { keepRejected } from './rejected-files.ts';
import type { DownloadLimits } from './resumable-transfer.ts';
import { assertStorageKey, posterKey, videoKey } from './storage-key.ts';
import { sweepTemporaryFiles } from './temporary-files.ts';
import { verifyVideo } from './verify-video.ts';
import type { ValidVideo } from './video-verdict.ts';

export interface ArtifactFetcherOptions {
  readonly storage: ArtifactStorage;
  /** Best on the file system of the storage, where taking over a file is a rename. Its sibling `rejected` keeps invalid files. */
  readonly temporaryDirectory: string;
  readonly limits: DownloadLimits;
  /** Where `ffmpeg` is looked for, as in PATH; without one there are no posters. */
  readonly searchPath: string;
  /** Origins that may be reached although private or without TLS: that of `AIMLAPI_BASE_URL`. */
  readonly allowedOrigins: readonly string[];
  /** `host:port` of places that may be reached likewise. */
  readonly allowedHosts?: readonly string[];
}

type Source = Pick<Parameters<ArtifactFetcher['fetch']>[0], 'jobId' | 'attempt'>;

/**
 * Downloads, verifies and stores. Rejects only when `signal` aborts; then, as after every outcome, the temporary file is gone.
 * Two fetches for one job at once do not meet: each has its own temporary file, and the storage takes over whole files only.
 * Disposing hangs up whatever is still open.
 */
export function createArtifactFetcher(options: ArtifactFetcherOptions): ArtifactFetcher & AsyncDisposable {
  const { storage, temporaryDirectory, limits, searchPath, allowedOrigins, allowedHosts = [] } = options;
  const rejectedDirectory = join(temporaryDirectory, '..', 'rejected');
  const agent = openOutboundAgent({ allowedOrigins, allowedHosts });

  /** Before the video, which is the file that counts: whoever sees that one sees both. */
  async function storePoster({ jobId, attempt }: Source, part: PartFile, video: ValidVideo, signal: AbortSignal) {
    const path = `${part.path}.jpg`;
    try {
      if (!(await drawPoster(part.path, path, { ...video, searchPath }, signal))) return {};
      const key = posterKey(jobId, attempt);
      await storage.put(key, path);
      return { posterKey: key };
    } finally {
      await rm(path, { force: true });
    }
  }

  async function examineAndStore(
    source: Source,
    part: PartFile,
    endAnnounced: boolean,
    signal: AbortSignal,
  ): Promise<FetchOutcome> {
    const verdict = await verifyVideo(part.path, signal);
    if (verdict.kind === 'invalid') {
      if (verdict.cutOff && !endAnnounced) {
        const what = said('download_ended_early', saidWithin(verdict.said));
        return { kind: 'unavailable', finding: `The download ended early: ${verdict.finding}`, said: what };
      }
      const keptName = await keepRejected(rejectedDirectory, source.jobId, part.path);
      return { kind: 'invalid', finding: verdict.finding, said: verdict.said, keptAs: `rejected/${keptName}` };
    }
    const { contentType, durationSeconds, width, height } = verdict;
    const storageKey = videoKey(source.jobId, source.attempt, contentType);
    const facts = { sizeBytes: part.sizeBytes, sha256: part.sha256() };
    const poster = await storePoster(source, part, verdict, signal);
    await storage.put(storageKey, part.path);
    return { kind: 'stored', video: { storageKey, contentType, ...facts, durationSeconds, width, height, ...poster } };
  }

  return {
    async fetch({ jobId, attempt, url }, signal) {
      signal.throwIfAborted();
      // The id becomes part of file names.
      assertStorageKey(jobId);
      try {
        await using part = await openPartFile(temporaryDirectory, jobId).catch(diskTrouble);
        await assertRoom(temporaryDirectory);
        const outcome = await download(url, part, { agent, limits, signal }).catch(diskTrouble);
        return outcome.kind === 'received'
          ? await examineAndStore({ jobId, attempt }, part, outcome.endAnnounced, signal)
          : outcome;
      } catch (error) {
        if (error instanceof StorageUnavailableError) {
          return { kind: 'no_storage', finding: error.finding, said: error.said };
        }
        throw error;
      }
    },
    async sweep({ rejectedForMs }) {
      // Nothing that is still being written is that old.
      await sweepTemporaryFiles(temporaryDirectory, 2 * limits.timeoutMs);
      await sweepTemporaryFiles(rejectedDirectory, rejectedForMs);
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}
