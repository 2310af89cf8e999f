import type { StepName, StepPayloads } from '@video-proxy/contracts';
import type {
  CredentialRecord,
  JsonObject,
  ProviderName,
  VideoJob,
  VideoJobEvent,
  VideoJobState,
} from '@video-proxy/core';

/*
 * What the worker needs of the adapters, and no more; wiring.ts hands over the real ones. Every call to the ledger or the
 * steps may throw because Redis is away: the step then runs again, and the ledger knows how far it got.
 */

export interface VideoJobSlice {
  readonly jobs: readonly VideoJob[];
  /** Where to go on; null at the end. */
  readonly cursor: string | null;
}

export interface VideoJobRecords {
  get(id: string): Promise<VideoJob | null>;
  apply(
    id: string,
    event: VideoJobEvent,
    nowMs: number,
  ): Promise<{ readonly kind: 'changed' | 'unchanged'; readonly job: VideoJob } | { readonly kind: 'missing' }>;
  note(
    id: string,
    observation: { readonly type: string; readonly atMs: number; readonly details?: JsonObject },
  ): Promise<unknown>;
  inState(
    state: VideoJobState,
    page: { limit: number; createdBeforeMs?: number; cursor: string | null },
  ): Promise<VideoJobSlice>;
  endedBefore(endedBeforeMs: number, page: { limit: number; cursor: string | null }): Promise<VideoJobSlice>;
  delete(id: string): Promise<VideoJob | null>;
}

export interface CredentialRecords {
  read(): Promise<CredentialRecord | null>;
  /** @returns whether the state or the key is another one now */
  write(record: CredentialRecord): Promise<boolean>;
}

export interface WorkerRecords {
  beat(
    worker: {
      readonly id: string;
      readonly version: string;
      readonly role: string;
      readonly provider: ProviderName;
      readonly keyFingerprint: string | null;
      readonly startedAtMs: number;
    },
    nowMs: number,
  ): Promise<void>;
  gone(id: string): Promise<void>;
}

export interface Leases {
  acquire(name: string, holder: string, durationMs: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

export interface Ledger {
  readonly jobs: VideoJobRecords;
  readonly leases: Leases;
  readonly credential: CredentialRecords;
  readonly workers: WorkerRecords;
}

/** Puts a step of a job on its queue. Putting the same step there twice is harmless. */
export interface Steps {
  add(step: StepName, payload: StepPayloads[StepName], options?: { readonly delayMs?: number }): Promise<void>;
  addMany(step: StepName, payloads: readonly StepPayloads[StepName][]): Promise<void>;
}

export type StepOutcome =
  | { readonly kind: 'done' }
  /** The same step again later, without holding a slot; `trouble` travels with it. */
  | { readonly kind: 'snooze'; readonly delayMs: number; readonly trouble?: StepPayloads[StepName]['trouble'] };

export type StepHandler<Payload> = (
  payload: Payload,
  context: { readonly signal: AbortSignal },
) => Promise<StepOutcome>;

export type StepHandlers = { readonly [Name in StepName]: StepHandler<StepPayloads[Name]> };

/** The steps being served by this process. */
export interface Serving {
  pause(step: StepName): Promise<void>;
  resume(step: StepName): Promise<void>;
  /** Takes no more steps and waits for those in hand, for a bounded time. */
  close(timeoutMs: number): Promise<void>;
}

/** The operator's key as it is now. */
export interface ApiKeySource {
  current(): {
    readonly inspection: { readonly state: 'missing' | 'malformed' | 'loaded' };
    readonly fingerprint: string | null;
    readonly finding: string | null;
  };
}
