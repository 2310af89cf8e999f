import type { ProviderEvidence, ProviderName } from './evidence.ts';
import type { Billed, Failure, FailureCode } from './failures.ts';
import type { JsonObject } from './json.ts';
import type { Said } from './said.ts';

/** What never changes about a video job, and the number of its current attempt. */
export interface VideoJobIdentity {
  /** `video_` and a lower-case ULID. */
  readonly id: string;
  /** `client` or `client/user`. */
  readonly owner: string;
  readonly provider: ProviderName;
  readonly model: string;
  readonly prompt: string | null;
  readonly parameters: JsonObject;
  readonly metadata: JsonObject;
  /** The unguessable half of the watch link. */
  readonly watchSecret: string;
  /** The request that created the job, for the log. */
  readonly requestId: string;
  /** Who is told when the job has ended; absent when nobody is. */
  readonly webhookUrl?: string;
  readonly createdAtMs: number;
  /** From 1; an explicit retry adds one. Each attempt is submitted at most once. */
  readonly attempt: number;
}

/** What the provider said about money: the price held at creation, in US dollars. */
export interface Usage {
  readonly heldUsd: number;
}

/** What keeps a job waiting: what a failure would be called, or a pause that operators ordered. */
export type HoldCode = FailureCode | 'paused';

/** Why a job waits although nothing is wrong with it. */
export interface Hold {
  readonly code: HoldCode;
  readonly message: string;
  /** What the message was made from where it tells more than the code; absent where it does not. */
  readonly said?: Said;
  readonly sinceMs: number;
  readonly untilMs: number | null;
  readonly evidence: ProviderEvidence | null;
}

/** The verified file on our storage. */
export interface StoredVideo {
  readonly storageKey: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  /** A still of it, as JPEG; missing when none could be taken. */
  readonly posterKey?: string;
}

/** Not sent yet. `deferral` is this job's own reason to wait, after the provider certainly did not take it. */
export interface Queued {
  readonly state: 'queued';
  readonly queuedAtMs: number;
  readonly deferral: Hold | null;
}

/** Written before the request leaves, so that a crash can never lead to a second request. */
export interface Submitting {
  readonly state: 'submitting';
  readonly submittedAtMs: number;
  /** Its place among the waiting jobs, should the provider turn it away; unknown of one that an earlier version began. */
  readonly queuedAtMs?: number;
  /** Who sends it: when that worker is gone, nobody waits for the answer any more. */
  readonly worker?: string;
}

/** The request left, the answer did not come: the provider may or may not be making (and billing) a video. */
export interface SubmissionUnknown {
  readonly state: 'submission_unknown';
  readonly submittedAtMs: number;
  readonly evidence: ProviderEvidence | null;
}

/** The provider took the request; from here on the generation is only ever followed, never submitted again. */
export interface Generating {
  readonly state: 'generating';
  readonly submittedAtMs: number;
  readonly generationId: string;
  readonly usage: Usage | null;
  /** How the job had ended, while the provider is asked about it once more; it comes back when that brings nothing new. */
  readonly endedBefore?: Failed | Cancelled;
}

/** The provider has a file; `sourceUrl` may expire within minutes. */
export interface Storing {
  readonly state: 'storing';
  readonly submittedAtMs: number;
  readonly generationId: string;
  readonly usage: Usage | null;
  readonly sourceUrl: string;
  readonly generatedAtMs: number;
  /** The video came after the job had ended without it. */
  readonly late?: true;
}

export type Underway = Submitting | SubmissionUnknown | Generating | Storing;

/** The user no longer wants it, but the provider cannot be told: the generation is followed to its end to know its price. */
export interface Cancelling {
  readonly state: 'cancelling';
  readonly cancelRequestedAtMs: number;
  readonly following: Underway;
}

export interface Completed {
  readonly state: 'completed';
  readonly submittedAtMs: number;
  readonly generationId: string;
  readonly usage: Usage | null;
  readonly video: StoredVideo;
  readonly endedAtMs: number;
  /** The video came after the job had ended without it. */
  readonly late?: true;
}

export interface Failed {
  readonly state: 'failed';
  readonly submittedAtMs: number | null;
  readonly generationId: string | null;
  readonly usage: Usage | null;
  readonly failure: Failure;
  readonly endedAtMs: number;
  /** Until when the provider is still asked, rarely, what became of the generation; absent when that is settled. */
  readonly watchedUntilMs?: number;
}

export interface Cancelled {
  readonly state: 'cancelled';
  readonly submittedAtMs: number | null;
  readonly generationId: string | null;
  readonly usage: Usage | null;
  /** The file of a generation that could not be stopped any more, if it came. */
  readonly video: StoredVideo | null;
  readonly billed: Billed;
  readonly endedAtMs: number;
  /** As in `Failed`. */
  readonly watchedUntilMs?: number;
}

export type Lifecycle = Queued | Underway | Cancelling | Completed | Failed | Cancelled;
export type VideoJobState = Lifecycle['state'];

/** One request for one video. What is known about it depends on its state, and only on that. */
export type VideoJob = VideoJobIdentity & { readonly lifecycle: Lifecycle };

export const videoJobStates = [
  'queued',
  'submitting',
  'submission_unknown',
  'generating',
  'storing',
  'cancelling',
  'completed',
  'failed',
  'cancelled',
] as const satisfies readonly VideoJobState[];

export const terminalStates = ['completed', 'failed', 'cancelled'] as const satisfies readonly VideoJobState[];

export function isTerminal(state: VideoJobState): state is (typeof terminalStates)[number] {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}
