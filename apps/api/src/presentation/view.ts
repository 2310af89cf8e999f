import type { CredentialRecord, LearntTimes, StandingHolds } from '@video-proxy/core';

/** What a presentation needs to know besides the job. */
export interface View {
  readonly nowMs: number;
  /** Where absolute links start, without a slash at the end. */
  readonly baseUrl: string;
  readonly credential: CredentialRecord | null;
  readonly holds: StandingHolds;
  /** Among all queued jobs, from 1; null when the job is not queued, or the place was not looked up. */
  readonly queuePosition: number | null;
  /** How long generations of this job's model and length took; null when that is not known, or not needed. */
  readonly learnt: LearntTimes | null;
  /** Usual time of such a generation: learnt, or else documented. */
  readonly expectedMs: number;
  readonly retentionMs: number;
  readonly holdMaxMs: number;
}

export const unixSeconds = (timeMs: number): number => Math.floor(timeMs / 1_000);
