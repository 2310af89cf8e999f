import type { CredentialState, ProviderEvidence } from '@video-proxy/core';
import { type Finding, type FindingEvidence, fail, ok, warn } from '../finding.ts';

/** Below this a single video of a better model is refused, although the balance is positive (observed). */
const lowBalanceUsd = 1;

const keysUrl = 'https://aimlapi.com/app/keys';
const billingUrl = 'https://aimlapi.com/app/billing';

export function balanceFinding(balanceUsd: number | null, key: string): Finding {
  if (balanceUsd === null) return ok('provider', `the provider accepts the key (${key})`);
  const balance = `${balanceUsd.toFixed(2)} USD`;
  if (balanceUsd >= lowBalanceUsd) return ok('provider', `the provider accepts the key (${key}), balance ${balance}`);
  return warn(
    'provider',
    'provider_low_balance',
    `the provider accepts the key (${key}), but only ${balance} are left`,
    `top up at ${billingUrl}`,
  );
}

export function refusalFinding(state: CredentialState, evidence: ProviderEvidence, key: string): Finding {
  const said = `request id ${evidence.requestId ?? 'none'}: ${evidence.message ?? `status ${evidence.statusCode}`}`;
  switch (state) {
    case 'out_of_credits':
      return fail(
        'provider',
        'provider_out_of_credits',
        `the account is out of credits (${key}; ${said})`,
        `top up at ${billingUrl}; held jobs go on by themselves`,
        wireOf(evidence),
      );
    case 'unverified':
      return fail(
        'provider',
        'provider_unverified',
        `the account is unverified (${key}; ${said})`,
        'complete the verification at https://aimlapi.com/app/verification',
        wireOf(evidence),
      );
    case 'ok':
    case 'missing':
    case 'malformed':
    case 'rejected':
    case 'unchecked':
      return fail(
        'provider',
        'provider_rejected',
        `the provider rejected the key (${key}; ${said})`,
        `compare it with ${keysUrl}, or create a new one; set AI_ML_API_KEY and restart`,
        wireOf(evidence),
      );
  }
}

/** An answer that says nothing about the account: from somebody else, from something in between, or on a bad day. */
export function unusableAnswer(evidence: ProviderEvidence, baseUrl: URL): Finding {
  const { statusCode } = evidence;
  const said = evidence.message ?? 'no message';
  if (statusCode === null) {
    return fail(
      'provider',
      'provider_unreachable',
      `provider unreachable: ${said}`,
      'check host and port of AIMLAPI_BASE_URL',
      wireOf(evidence),
    );
  }
  if (statusCode === 403) {
    return warn(
      'provider',
      'provider_forbidden',
      `the provider knows the key but does not show its balance (403: ${said})`,
      `check the scopes and limits of the key at ${keysUrl}`,
    );
  }
  if (statusCode === 429 || statusCode >= 500) {
    return fail(
      'provider',
      'provider_trouble',
      `the provider answers ${statusCode}: ${said}`,
      'wait and run doctor again; jobs are kept',
      wireOf(evidence),
    );
  }
  return fail(
    'provider',
    'base_url_wrong',
    `wrong base URL: ${baseUrl.origin} is not the API of AIMLAPI (status ${statusCode}: ${said})`,
    'set AIMLAPI_BASE_URL=https://api.aimlapi.com, or remove it, and restart',
    wireOf(evidence),
  );
}

function wireOf(evidence: ProviderEvidence): FindingEvidence {
  return {
    status_code: evidence.statusCode,
    request_id: evidence.requestId,
    path: evidence.path,
    timestamp: evidence.timestamp,
    kind: evidence.kind,
    message: evidence.message,
  };
}
