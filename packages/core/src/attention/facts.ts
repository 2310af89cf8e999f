import type { AdmissionRefusal, StoreLoad } from '../admission.ts';
import type { CredentialRecord } from '../credential.ts';
import type { ProviderName } from '../evidence.ts';
import type { StandingHolds } from '../holds.ts';
import type { StoreFlaw } from '../job-store.ts';
import type { Said } from '../said.ts';

/** What is known about an installation at one moment. */
export interface InstallationFacts {
  readonly nowMs: number;
  readonly credential: CredentialRecord;
  readonly holds: StandingHolds;
  readonly workers: readonly {
    readonly provider: ProviderName;
    readonly keyFingerprint: string | null;
    readonly unrecordedGenerations?: number;
  }[];
  readonly waitingJobs: number;
  readonly unknownSubmissions: number;
  readonly pollLagMs: number;
  readonly refusal: AdmissionRefusal | null;
  readonly storeFlaws: readonly StoreFlaw[];
  readonly storeLoad: Pick<StoreLoad, 'usedMemoryBytes' | 'memoryMaxBytes'>;
  /** Null while files can be kept. */
  readonly storageFinding: string | null;
  readonly storageSaid: Said | null;
  readonly recent: RecentEnds;
}

/** What became of the jobs of the last minutes. */
export interface RecentEnds {
  readonly minutes: number;
  readonly completed: number;
  readonly failed: number;
}

const spikeFailuresMin = 5;
const spikeShareMin = 0.5;

/** Whether the share of failures among the last jobs is so high that one cause is likely. */
export function isFailureSpike({ completed, failed }: RecentEnds): boolean {
  return failed >= spikeFailuresMin && failed / (failed + completed) >= spikeShareMin;
}

/** Whether live workers send with more than one key. */
export function holdDifferentKeys(workers: InstallationFacts['workers']): boolean {
  return new Set(workers.map(({ provider, keyFingerprint }) => `${provider}:${keyFingerprint}`)).size > 1;
}
