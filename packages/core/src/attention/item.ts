import type { AdmissionRefusal } from '../admission.ts';
import type { CredentialState } from '../credential.ts';
import type { ProviderEvidence } from '../evidence.ts';
import type { Trouble } from '../findings.ts';
import type { StoreFlaw } from '../job-store.ts';
import type { Facts, Said } from '../said.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** Stable, for translations, scripts and alerts. */
export type AttentionCode =
  | `store_${AdmissionRefusal['reason']}`
  | `redis_${StoreFlaw['code'] | 'memory'}`
  | `account_${Exclude<CredentialState, 'ok' | 'unchecked'>}`
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

export function item(
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

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function sentenceOf({ finding }: Trouble, detail: string | null): string {
  return detail === null ? `${sentence(finding)}.` : `${sentence(finding)}: ${detail}`;
}
