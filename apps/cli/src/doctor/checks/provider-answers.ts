import { accountTroubles, type CredentialState, type ProviderEvidence, providerPages } from '@video-proxy/core';
import { type Finding, type FindingEvidence, fail, ok, warn } from '../finding.ts';

/** Below this a single video of a better model is refused, although the balance is positive (observed). */
const lowBalanceUsd = 1;

export function balanceFinding(balanceUsd: number | null, key: string): Finding {
  if (balanceUsd === null) return ok('provider', `the provider accepts the key (${key})`);
  const balance = `${balanceUsd.toFixed(2)} USD`;
  if (balanceUsd >= lowBalanceUsd) return ok('provider', `the provider accepts the key (${key}), balance ${balance}`);
  return warn(
    'provider',
    'provider_low_balance',
    `the provider accepts the key (${key}), but only ${balance} are left`,
    `top up at ${providerPages.billing}`,
  );
}

export function refusalFinding(state: CredentialState, evidence: ProviderEvidence, key: string): Finding {
  const said = `request id ${evidence.requestId ?? 'none'}: ${evidence.message ?? `status ${evidence.statusCode}`}`;
  // Whatever else is said of the account, this refusal was one of the key.
  const refused = state === 'out_of_credits' || state === 'unverified' ? state : 'rejected';
  const { finding, action } = accountTroubles[refused];
  return fail('provider', `provider_${refused}`, `${finding} (${key}; ${said})`, action, wireOf(evidence));
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
      `check the scopes and limits of the key at ${providerPages.keys}`,
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
