import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createArtifactFetcher, type DownloadLimits, openFileStorage } from '@video-proxy/artifacts';
import type { ArtifactStorage, FetchOutcome } from '@video-proxy/core';
import { expect, vi } from 'vitest';
import type { FileServer } from './file-server.ts';
import { fixture, openWorkspace } from './workspace.ts';

export const jobId = 'video_01k8z3v9q4n7x2m5t6r8w0y1kf';
export const video = await fixture('faststart.mp4');
export const storedVideo: FetchOutcome = {
  kind: 'stored',
  video: {
    storageKey: `kf/${jobId}.mp4`,
    contentType: 'video/mp4',
    sizeBytes: video.length,
    sha256: createHash('sha256').update(video).digest('hex'),
    durationSeconds: 1,
    width: 64,
    height: 48,
  },
};

/** A fetcher with its own storage and directories, allowed to reach one server. */
export interface FetcherBench extends AsyncDisposable {
  readonly storage: ArtifactStorage;
  fetch(url?: string, signal?: AbortSignal): Promise<FetchOutcome>;
  temporaryFiles(): Promise<readonly string[]>;
  rejectedFiles(): Promise<readonly string[]>;
  /** Resolves when the one download under way has written this much. */
  arrived(sizeBytes: number): Promise<void>;
}

export async function openBench(
  server: FileServer,
  limits: Partial<DownloadLimits> = {},
  searchPath = '',
): Promise<FetcherBench> {
  const workspace = await openWorkspace();
  const storage = openFileStorage({ directory: join(workspace.directory, 'videos') });
  const fetcher = createArtifactFetcher({
    storage,
    temporaryDirectory: join(workspace.directory, 'tmp'),
    limits: { sizeBytesMax: 50_000_000, timeoutMs: 60_000, idleTimeoutMs: 20_000, ...limits },
    searchPath,
    allowedOrigins: [server.origin],
  });
  return {
    storage,
    fetch: (url = server.url, signal = new AbortController().signal) =>
      fetcher.fetch({ jobId, attempt: 1, url }, signal),
    temporaryFiles: () => workspace.list('tmp'),
    rejectedFiles: () => workspace.list('rejected'),
    async arrived(sizeBytes) {
      await vi.waitFor(async () => {
        const [name = 'none yet'] = await workspace.list('tmp');
        expect((await stat(join(workspace.directory, 'tmp', name))).size).toBe(sizeBytes);
      });
    },
    async [Symbol.asyncDispose]() {
      await fetcher[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
