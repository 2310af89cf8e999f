import type { ProviderEvidence } from './evidence.ts';
import type { FailureCode } from './failures.ts';
import type { Said } from './said.ts';

/** What is known about the account of this service at the provider. */
export type CredentialState =
  | 'ok'
  | 'missing'
  | 'malformed'
  | 'rejected'
  | 'out_of_credits'
  | 'unverified'
  | 'unchecked';

export const credentialStates = [
  'ok',
  'missing',
  'malformed',
  'rejected',
  'out_of_credits',
  'unverified',
  'unchecked',
] as const satisfies readonly CredentialState[];

/** Shared by all workers and shown by `/readyz`. Never holds the key, only its fingerprint. */
export interface CredentialRecord {
  readonly state: CredentialState;
  readonly fingerprint: string | null;
  readonly sinceMs: number;
  readonly checkedAtMs: number | null;
  /** What is wrong with the key or the account, in one sentence for an operator; null when nothing is. */
  readonly finding: string | null;
  /** What the finding was made from; null or absent where it is in the provider's own words. */
  readonly said?: Said | null;
  readonly evidence: ProviderEvidence | null;
}

const stateByFailure: Partial<Record<FailureCode, CredentialState>> = {
  provider_auth_failed: 'rejected',
  provider_out_of_credits: 'out_of_credits',
  provider_account_unverified: 'unverified',
};

/** The account's state after a refusal, or null when the refusal was about the request. */
export function credentialStateAfter(code: FailureCode): CredentialState | null {
  return stateByFailure[code] ?? null;
}

const failureByState: Record<CredentialState, FailureCode | null> = {
  ok: null,
  unchecked: null,
  missing: 'provider_auth_failed',
  malformed: 'provider_auth_failed',
  rejected: 'provider_auth_failed',
  out_of_credits: 'provider_out_of_credits',
  unverified: 'provider_account_unverified',
};

/** The reason why nothing may be submitted in this state, or null when submissions may go on. */
export function holdCodeFor(state: CredentialState): FailureCode | null {
  return failureByState[state];
}
