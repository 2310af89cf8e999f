import type { CredentialState } from './credential.ts';
import type { ProviderEvidence, ProviderName } from './evidence.ts';
import type { Failure } from './failures.ts';
import type { JsonObject } from './json.ts';
import type { Said } from './said.ts';
import type { StoredVideo, Usage } from './video-job.ts';

export interface GenerationRequest {
  readonly model: string;
  readonly prompt: string | null;
  readonly parameters: JsonObject;
  readonly clientRequestId: string;
}

/** How a paid request ended. The difference between `not_taken` and `unknown` is the difference between once and twice. */
export type CreateOutcome =
  | {
      readonly kind: 'accepted';
      readonly generationId: string;
      readonly usage: Usage | null;
      /** By which the provider's support finds the call. */
      readonly providerRequestId?: string;
    }
  /** The provider read the request and said no; nothing runs, nothing is billed. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** It certainly did not reach the provider (name lookup, connection refused, TLS) or was turned away by a rate limit. */
  | { readonly kind: 'not_taken'; readonly failure: Failure; readonly retryAfterMs: number | null }
  /** Anything else: lost connection, timeout, 5xx, unreadable answer. */
  | { readonly kind: 'unknown'; readonly evidence: ProviderEvidence };

export type PollOutcome =
  | { readonly kind: 'pending'; readonly providerStatus: string; readonly providerRequestId?: string }
  | {
      readonly kind: 'succeeded';
      readonly sourceUrl: string;
      readonly usage: Usage | null;
      readonly providerRequestId?: string;
    }
  /** A success word without a usable address: asked again a few times, then `artifact_unavailable`. */
  | { readonly kind: 'succeeded_without_file'; readonly providerRequestId?: string }
  /** The provider's own verdict on this generation. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'not_found'; readonly evidence: ProviderEvidence }
  /** 401 or 403: says something about the account, nothing about this generation. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Trouble on the way: says nothing about the generation. */
  | { readonly kind: 'unavailable'; readonly evidence: ProviderEvidence; readonly retryAfterMs: number | null };

export type FindOutcome =
  /** `providerRequestId` is that of the lost create, as the provider's log has it; else of the answer that tells of it. */
  | { readonly kind: 'found'; readonly generationId: string; readonly providerRequestId?: string }
  | { readonly kind: 'absent'; readonly providerRequestId?: string }
  | { readonly kind: 'unavailable'; readonly evidence: ProviderEvidence };

export type ProbeOutcome =
  | { readonly kind: 'ok'; readonly balanceUsd: number | null }
  | { readonly kind: 'refused'; readonly state: CredentialState; readonly evidence: ProviderEvidence }
  | { readonly kind: 'unavailable'; readonly evidence: ProviderEvidence };

export interface LostRequest {
  readonly clientRequestId: string;
  /** By our clock: the provider's log need not be read further back. */
  readonly sentAtMs: number;
}

/**
 * The provider of generations. Every method has its own timeout, never throws for what the provider may do, and rejects only
 * when `signal` aborts.
 */
export interface VideoProvider {
  readonly name: ProviderName;
  create(request: GenerationRequest, signal: AbortSignal): Promise<CreateOutcome>;
  poll(generationId: string, signal: AbortSignal): Promise<PollOutcome>;
  /** Looks for a create whose answer was lost, by the client request id that went with it. */
  findGeneration(lost: LostRequest, signal: AbortSignal): Promise<FindOutcome>;
  /** Asks for the balance: free, and proves the key. */
  probe(signal: AbortSignal): Promise<ProbeOutcome>;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive, as in HTTP. */
  readonly end: number;
}

/** How a storage says that it cannot keep files now. `finding` names the cause in words that anybody may read. */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError';
  readonly finding: string;
  readonly said: Said;

  constructor(finding: string, what: Said, options?: ErrorOptions) {
    super(`Files cannot be kept: ${finding}`, options);
    this.finding = finding;
    this.said = what;
  }
}

/** Where verified files are kept. Every method may reject with a `StorageUnavailableError`. */
export interface ArtifactStorage {
  /** Takes over a finished local file under `key`; afterwards it is either whole or absent, and the local file is gone. */
  put(key: string, localPath: string): Promise<void>;
  stat(key: string): Promise<{ readonly sizeBytes: number } | null>;
  /** Opens the file or a part of it, to be read once; null when there is none. */
  open(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  delete(key: string): Promise<void>;
  /**
   * An address at which anybody can read the file until it runs out, or null from a storage that gives none. `disposition`
   * is the `Content-Disposition` it will have there.
   */
  link(key: string, shown: { readonly disposition: string; readonly lifetimeSeconds: number }): Promise<string | null>;
  /** Writes, reads and deletes a small file; rejects when that fails, or there is hardly any room left. */
  check(): Promise<void>;
}

/** Why there is no file: in words, and what they are made from. */
export interface Found {
  readonly finding: string;
  readonly said: Said;
}

export type FetchOutcome =
  | { readonly kind: 'stored'; readonly video: StoredVideo }
  /** Not a playable video. `keptAs`: where in DATA_DIR what came is kept for a while, if it was received whole. */
  | (Found & { readonly kind: 'invalid'; readonly keptAs?: string })
  /** The link is dead (403, 404, 410): a fresh one may help. */
  | (Found & { readonly kind: 'gone' })
  /** Trouble on the way: the same link may work later. */
  | (Found & { readonly kind: 'unavailable' })
  /** The file could not be kept here (a full disk, say), whatever it is. */
  | (Found & { readonly kind: 'no_storage' });

/** Brings the provider's file to our storage, verified. */
export interface ArtifactFetcher {
  fetch(
    source: { readonly jobId: string; readonly attempt: number; readonly url: string },
    signal: AbortSignal,
  ): Promise<FetchOutcome>;
  /** Deletes what crashes left behind on this machine's disk, and files kept aside as invalid longer ago than that. */
  sweep(options: { readonly rejectedForMs: number }): Promise<void>;
}
