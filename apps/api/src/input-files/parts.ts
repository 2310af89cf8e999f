import type { ArtifactStorage } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';

export interface InputFileParts {
  readonly ledger: Pick<Ledger, 'inputs' | 'leftFiles'>;
  readonly storage: Pick<ArtifactStorage, 'put' | 'delete'>;
  /** Where a file is while it comes in. */
  readonly temporaryDirectory: string;
  /** Where others reach this service; null when that was not set. */
  readonly publicBaseUrl: string | null;
  readonly allowedHosts: readonly string[];
  readonly now: () => number;
}
