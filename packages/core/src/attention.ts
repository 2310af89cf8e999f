import type { AdmissionRefusal, StoreLoad } from './admission.ts';
import { type CredentialRecord, holdCodeFor } from './credential.ts';
import type { ProviderEvidence, ProviderName } from './evidence.ts';
import { accountTroubles, type Trouble, troubles, unrecordedGenerations } from './findings.ts';
import { isPaused, modelFinding, modelSaid, type StandingHolds } from './holds.ts';
import type { StoreFlaw } from './job-store.ts';
import type { Facts, Said } from './said.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** Stable, for translations, scripts and alerts. */
export type AttentionCode =
  | `store_${AdmissionRefusal['reason']}`
  | `redis_${StoreFlaw['code'] | 'memory'}`
  | `account_${keyof typeof accountTitles}`
  | 'no_worker'
  | 'storage'
  | 'provider_limits'
  | 'provider_unreachable'
  | 'models_held'
  | 'keys_differ'
  | 'poll_lag'
  | 'failure_spike'
  | 'submissions_unknown'
  | 'unrecorded_generations'
  | 'paused';

/** Something that a person has to look at. The code with its facts is the same as title, detail and action in words. */
export interface Attention {
  readonly severity: Severity;
  readonly code: AttentionCode;
  readonly title: string;
  readonly detail: string;
  /** What to do next; null when it passes by itself. */
  readonly action: string | null;
  /** Null when only an incident's record knows. */
  readonly sinceMs: number | null;
  readonly facts: Facts;
  /** Where the detail names a finding that is made by others than the rules here: what that was made from. */
  readonly said: Said | null;
  readonly evidence: ProviderEvidence | null;
}

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

/** Later than this, a poll is not just waiting its turn. */
const pollLagMaxMs = 30_000;
const memoryPercentMax = 70;
const spikeFailuresMin = 5;
const spikeShareMin = 0.5;

/** What an operator has to know, the most urgent first; nothing when all is well. */
export function attentionOf(facts: InstallationFacts): readonly Attention[] {
  const found = [
    ...storeTroubles(facts),
    accountTrouble(facts),
    noWorker(facts),
    storageTrouble(facts),
    providerTrouble(facts),
    modelsHeld(facts),
    keysDiffer(facts),
    pollLag(facts),
    failureSpike(facts),
    unknownSubmissions(facts),
    unrecorded(facts),
    pause(facts),
  ].filter((item) => item !== null);
  return found.toSorted((one, other) => ranks[one.severity] - ranks[other.severity]);
}

const ranks: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/** Whether the share of failures among the last jobs is so high that one cause is likely. */
export function isFailureSpike({ completed, failed }: RecentEnds): boolean {
  return failed >= spikeFailuresMin && failed / (failed + completed) >= spikeShareMin;
}

/** Whether live workers send with more than one key. */
export function holdDifferentKeys(workers: InstallationFacts['workers']): boolean {
  return new Set(workers.map(({ provider, keyFingerprint }) => `${provider}:${keyFingerprint}`)).size > 1;
}

function item(
  severity: Severity,
  code: AttentionCode,
  title: string,
  detail: string,
  known: Partial<Attention> = {},
): Attention {
  return {
    severity,
    code,
    title,
    detail,
    action: null,
    sinceMs: null,
    facts: {},
    said: null,
    evidence: null,
    ...known,
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function sentenceOf({ finding }: Trouble, detail: string | null): string {
  return detail === null ? `${sentence(finding)}.` : `${sentence(finding)}: ${detail}`;
}

function* storeTroubles({ refusal, storeFlaws, storeLoad }: InstallationFacts): Generator<Attention> {
  if (refusal !== null) {
    yield item('critical', `store_${refusal.reason}`, 'New jobs are refused', sentence(refusal.finding), {
      action: 'See "When new jobs are refused" in the operators\' guide.',
      facts: refusal.facts,
    });
  }
  for (const flaw of storeFlaws) {
    // In production the processes do not even start with one: then somebody has changed it since.
    const severity = flaw.code === 'unknown' ? 'info' : 'warning';
    const title =
      flaw.code === 'unknown' ? 'It is not known how Redis keeps jobs' : 'Accepted jobs are not safe in Redis';
    yield item(severity, `redis_${flaw.code}`, title, `Redis ${flaw.finding}.`, {
      action: sentence(flaw.remedy),
      facts: flaw.facts ?? {},
    });
  }
  const { usedMemoryBytes: used, memoryMaxBytes: limit } = storeLoad;
  const percent = used === null || limit === null ? 0 : Math.floor((used / limit) * 100);
  if (refusal === null && percent >= memoryPercentMax) {
    yield item('warning', 'redis_memory', 'Redis is filling up', `Redis uses ${percent} % of its maxmemory.`, {
      action: 'Raise maxmemory, or lower RETENTION_DAYS.',
      facts: { percent, used_bytes: used, limit_bytes: limit },
    });
  }
}

const accountTitles = {
  missing: 'No API key for the provider',
  malformed: 'The API key is malformed',
  rejected: 'The provider refuses the API key',
  out_of_credits: 'The account is out of credits',
  unverified: 'The account has to be verified',
} as const;

/** The cause of the incident that this service was built after: said first, with what the support of the provider asks for. */
function accountTrouble({ credential, waitingJobs }: InstallationFacts): Attention | null {
  const { state, evidence, fingerprint } = credential;
  if (state === 'ok' || state === 'unchecked') return null;
  const trouble = accountTroubles[state];
  const quoted = evidence === null ? null : `${evidence.statusCode ?? 'no status'} ${evidence.message ?? ''}`.trim();
  return item('critical', `account_${state}`, accountTitles[state], sentenceOf(trouble, credential.finding ?? quoted), {
    action: sentence(trouble.action),
    sinceMs: credential.sinceMs,
    facts: {
      fingerprint,
      waiting_jobs: waitingJobs,
      provider_request_id: evidence?.requestId ?? null,
      failure_code: holdCodeFor(state),
    },
    said: credential.said ?? null,
    evidence,
  });
}

function noWorker({ workers, waitingJobs }: InstallationFacts): Attention | null {
  if (workers.length > 0) return null;
  const { finding, action } = troubles.noWorker;
  return item('critical', 'no_worker', 'No worker is alive', `${sentence(finding)}.`, {
    action: sentence(action),
    facts: { waiting_jobs: waitingJobs },
  });
}

function storageTrouble({ storageFinding, storageSaid }: InstallationFacts): Attention | null {
  if (storageFinding === null) return null;
  return item('critical', 'storage', 'Files cannot be kept', sentenceOf(troubles.storage, storageFinding), {
    action: sentence(troubles.storage.action),
    said: storageSaid,
  });
}

function providerTrouble({ holds: { provider }, waitingJobs }: InstallationFacts): Attention | null {
  if (provider === null) return null;
  const limits = provider.code === 'provider_rate_limited';
  const title = limits ? 'The provider limits requests' : 'The provider cannot be reached';
  return item('warning', limits ? 'provider_limits' : 'provider_unreachable', title, provider.message, {
    sinceMs: provider.sinceMs,
    facts: { tries: provider.tries, waiting_jobs: waitingJobs },
    evidence: provider.evidence,
  });
}

function modelsHeld({ holds, credential }: InstallationFacts): Attention | null {
  const finding = credential.state === 'out_of_credits' ? null : modelFinding(holds);
  if (finding === null) return null;
  return item('warning', 'models_held', 'Too few credits for some models', sentenceOf(troubles.modelHeld, finding), {
    action: sentence(troubles.modelHeld.action),
    sinceMs: Math.min(...[...holds.models.values()].map(({ sinceMs }) => sinceMs)),
    facts: { models: [...holds.models.keys()].join(', ') },
    said: modelSaid(holds),
  });
}

function keysDiffer({ workers }: InstallationFacts): Attention | null {
  if (!holdDifferentKeys(workers)) return null;
  const fingerprints = [...new Set(workers.map(({ keyFingerprint }) => keyFingerprint ?? 'none'))].join(', ');
  return item('warning', 'keys_differ', 'Workers hold different keys', sentenceOf(troubles.keysDiffer, fingerprints), {
    action: sentence(troubles.keysDiffer.action),
    facts: { fingerprints },
  });
}

function pollLag({ pollLagMs, workers, nowMs }: InstallationFacts): Attention | null {
  // Without a worker that is the cause, and said.
  if (pollLagMs <= pollLagMaxMs || workers.length === 0) return null;
  const seconds = Math.floor(pollLagMs / 1_000);
  return item('warning', 'poll_lag', 'Polls are late', `The oldest poll should have run ${seconds} s ago.`, {
    action: 'Start more workers, or raise POLL_CONCURRENCY.',
    sinceMs: nowMs - pollLagMs,
    facts: { lag_seconds: seconds },
  });
}

function failureSpike({ recent }: InstallationFacts): Attention | null {
  if (!isFailureSpike(recent)) return null;
  const { failed, completed, minutes } = recent;
  const detail = `${failed} of the ${plural(failed + completed, 'job')} that came in the last ${minutes} minutes and ended have failed.`;
  return item('warning', 'failure_spike', 'Many jobs fail', detail, {
    action: 'Look at the groups of failures: the largest one names the cause.',
    facts: { failed, completed, minutes },
  });
}

function unknownSubmissions({ unknownSubmissions: count }: InstallationFacts): Attention | null {
  if (count === 0) return null;
  const detail = `${plural(count, 'request')} may or may not have reached the provider; the log of the provider is searched for them.`;
  return item('warning', 'submissions_unknown', 'Answers of the provider were lost', detail, { facts: { count } });
}

function unrecorded({ workers }: InstallationFacts): Attention | null {
  const count = workers.reduce((sum, { unrecordedGenerations: one = 0 }) => sum + one, 0);
  if (count === 0) return null;
  const { finding, action } = unrecordedGenerations(count);
  return item('critical', 'unrecorded_generations', 'Generations that no job knows', `${sentence(finding)}.`, {
    action: sentence(action),
    facts: { count },
  });
}

function pause({ holds, nowMs, waitingJobs }: InstallationFacts): Attention | null {
  const { ops } = holds;
  if (ops === null || !isPaused(holds, nowMs)) return null;
  return item('info', 'paused', 'Submissions are paused by operators', ops.message, {
    action: 'Resume when the reason is gone: jobs wait no longer than HOLD_MAX_SECONDS.',
    sinceMs: ops.sinceMs,
    facts: {
      by: ops.by,
      until: ops.untilMs === null ? null : Math.floor(ops.untilMs / 1_000),
      waiting_jobs: waitingJobs,
    },
  });
}
