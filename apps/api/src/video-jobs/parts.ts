import type { Catalog } from '@video-proxy/aimlapi/catalog';
import type { ArtifactStorage, ProviderName, VideoJob } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { Steps } from '@video-proxy/queue';
import type { FastifyBaseLogger } from 'fastify';
import type { Admission } from '../admission.ts';
import type { InputFileParts } from '../input-files/index.ts';
import type { Problem } from '../problem.ts';
import type { WebhookRules } from './webhook-url.ts';

export interface VideoJobParts {
  readonly ledger: Pick<Ledger, 'jobs' | 'leftFiles' | 'changes' | 'deliveries'>;
  readonly steps: Pick<Steps, 'wake' | 'hasten' | 'find'>;
  readonly storage: Pick<ArtifactStorage, 'delete' | 'stat'>;
  readonly inputFiles: InputFileParts;
  readonly webhooks: WebhookRules;
  readonly retentionMs: number;
  readonly catalog: Catalog;
  /** The names of all clients. */
  readonly clients: readonly string[];
  /** Who makes the videos of jobs that are created now. */
  readonly provider: ProviderName;
  readonly admission: Pick<Admission, 'refusal'>;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly newVideoJobId: (nowMs: number) => string;
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

/** What became of an order to change one job. `missing` is also the answer for somebody else's job. */
export type ChangeOutcome =
  | { readonly kind: 'done'; readonly job: VideoJob }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly problem: Problem };
