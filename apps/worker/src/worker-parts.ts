import type { StepPayloads, StepTroubleKind } from '@video-proxy/contracts';
import type { ArtifactFetcher, ArtifactStorage, VideoJob, VideoProvider } from '@video-proxy/core';
import type { Durability, Ledger } from '@video-proxy/ledger';
import type { WebhookCaller } from '@video-proxy/outbound';
import type { Steps } from '@video-proxy/queue';
import type { Logger } from 'pino';
import type { Account } from './account.ts';
import type { Counter } from './counter.ts';
import type { PollPace } from './poll-pace.ts';

/** The limits of this worker, in milliseconds. */
export interface WorkerLimits {
  /** How long a generation is waited for. */
  readonly generationTimeoutMs: number;
  /** How long a job may wait because of a hold. */
  readonly holdMaxMs: number;
  /** How long the provider's log is searched for a create whose answer was lost. */
  readonly submissionLookupMs: number;
  readonly retentionMs: number;
  /** How many jobs of one owner may be underway; null without a limit. */
  readonly ownerRunningMax: number | null;
}

/** What the steps work with. */
export interface WorkerParts {
  /** Of this process: under it stand its heartbeat and the jobs it is sending. */
  readonly workerId: string;
  readonly ledger: Pick<
    Ledger,
    | 'jobs'
    | 'turns'
    | 'holds'
    | 'workers'
    | 'leases'
    | 'leftFiles'
    | 'inputs'
    | 'changes'
    | 'deliveries'
    | 'questions'
    | 'failures'
    | 'audit'
    | 'bulk'
  >;
  readonly durability: Durability;
  readonly steps: Pick<Steps, 'add' | 'addMany' | 'hasten' | 'missing' | 'waiting' | 'counts'>;
  readonly provider: VideoProvider;
  readonly account: Account;
  readonly pace: PollPace;
  readonly fetcher: ArtifactFetcher;
  readonly storage: ArtifactStorage;
  /** Null without WEBHOOK_SECRET. */
  readonly webhooks: WebhookCaller | null;
  readonly limits: WorkerLimits;
  /** Accepted generations whose id is in no job, but in a fatal line of the log: somebody has to look. */
  readonly unrecordedGenerations: Counter;
  readonly log: Logger;
  readonly now: () => number;
  readonly random: () => number;
}

type JobStep = StepPayloads['poll'];

/** The job a step is about, or null when it is gone or has begun another attempt: then the step has nothing left to do. */
export async function jobOfStep(parts: Pick<WorkerParts, 'ledger'>, step: JobStep): Promise<VideoJob | null> {
  const job = await parts.ledger.jobs.get(step.jobId);
  return job?.attempt === step.attempt ? job : null;
}

/** How often in a row this kind of trouble was met, this time included. */
export function countTrouble(step: JobStep, kind: StepTroubleKind): { kind: StepTroubleKind; count: number } {
  return { kind, count: step.trouble?.kind === kind ? step.trouble.count + 1 : 1 };
}
