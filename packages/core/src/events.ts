import type { ProviderEvidence } from './evidence.ts';
import type { Failure } from './failures.ts';
import type { Hold, StoredVideo, Usage } from './video-job.ts';

/**
 * Everything that can happen to a video job. Each accepted one is a line in its history. `providerRequestId` names the
 * provider's answer that led to it, where no evidence does.
 */
export type VideoJobEvent =
  | { readonly type: 'submit_started'; readonly worker?: string }
  | {
      readonly type: 'submit_accepted';
      readonly generationId: string;
      readonly usage: Usage | null;
      readonly providerRequestId?: string;
    }
  | { readonly type: 'submit_refused'; readonly failure: Failure }
  /** The provider certainly did not take it (not reached, rate limited, or never sent): the same attempt may be sent later. */
  | { readonly type: 'submit_deferred'; readonly hold: Hold }
  | { readonly type: 'submit_lost'; readonly evidence: ProviderEvidence | null }
  | { readonly type: 'submission_not_found'; readonly providerRequestId?: string }
  /** `usage` when the price was not known before: a request whose answer was lost has none. */
  | {
      readonly type: 'generation_succeeded';
      readonly sourceUrl: string;
      readonly usage?: Usage;
      readonly providerRequestId?: string;
    }
  | { readonly type: 'generation_failed'; readonly failure: Failure; readonly providerRequestId?: string }
  /** The provider keeps saying that it does not know the generation. That is no verdict: it may know it again later. */
  | { readonly type: 'generation_not_found'; readonly evidence: ProviderEvidence | null }
  | { readonly type: 'deadline_passed'; readonly providerRequestId?: string }
  | { readonly type: 'artifact_stored'; readonly video: StoredVideo }
  | { readonly type: 'artifact_failed'; readonly failure: Failure }
  | { readonly type: 'hold_expired'; readonly hold: Hold }
  | { readonly type: 'cancel_requested' }
  | { readonly type: 'retry_requested' }
  /** Ask the provider once more what became of the generation of an ended job. */
  | { readonly type: 'recheck_requested' }
  /** The provider said nothing new: the job is again what it was before `recheck_requested`. */
  | { readonly type: 'recheck_ended'; readonly providerRequestId?: string }
  /** The provider has had its day: an ended job is not looked at any more. */
  | { readonly type: 'watch_ended'; readonly providerRequestId?: string };

export type VideoJobEventType = VideoJobEvent['type'];

/** What is worth a line of a job's history although it changed nothing. */
export type ObservationType =
  | `poll_${'succeeded_without_file' | 'not_found' | 'refused' | 'unavailable' | 'recovered'}`
  | 'storage_unavailable'
  | 'artifact_finding';

/** What a line of a history can be about. */
export type HistoryLineType = 'created' | VideoJobEventType | ObservationType;
