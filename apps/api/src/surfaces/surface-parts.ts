import type { Catalog } from '@video-proxy/aimlapi/catalog';
import type { ArtifactStorage } from '@video-proxy/core';
import type { Viewer } from '../presentation/viewer.ts';
import type { VideoJobs } from '../video-jobs/index.ts';

/** What a surface translates to and from. */
export interface SurfaceParts {
  readonly jobs: VideoJobs;
  readonly viewer: Viewer;
  readonly catalog: Catalog;
  readonly storage: ArtifactStorage;
  /** Drawn posters, for videos without a still. */
  readonly posterCards: ArtifactStorage;
  /** Whether players are sent on to the storage, where that gives links. */
  readonly redirectsToStorage: boolean;
  /** Where absolute links start; null: where the caller reached us. */
  readonly publicBaseUrl: string | null;
  /** Aborts when the process is to end: whoever waits gets an answer now. */
  readonly closing: AbortSignal;
  readonly retentionMs: number;
  readonly now: () => number;
}
