import type { AimlapiProvider, CurrentApiKey } from '@video-proxy/aimlapi';
import type { ProbeOutcome, ProviderEvidence } from '@video-proxy/core';
import { type DialResult, dial } from '../dial.ts';
import { type Finding, type FindingEvidence, fail, ok, warn } from '../finding.ts';

export interface ProviderFacts {
  readonly baseUrl: URL;
  /** The key that would be sent; null when there is none fit to be sent, and then nobody is asked about it. */
  readonly key: Pick<CurrentApiKey, 'value' | 'fingerprint'>;
  readonly client: AimlapiProvider;
}

const dialTimeoutMs = 3_000;
const answerTimeoutMs = 5_000;
/** Below this a single video of a better model is refused, although the balance is positive (observed). */
const lowBalanceUsd = 1;

const keysUrl = 'https://aimlapi.com/app/keys';
const billingUrl = 'https://aimlapi.com/app/billing';

export async function examineProvider(facts: ProviderFacts, signal: AbortSignal): Promise<readonly Finding[]> {
  const reached = await dial(facts.baseUrl, dialTimeoutMs);
  const trouble = connectionTrouble(reached, facts.baseUrl);
  if (trouble !== null) return [trouble];
  const patience = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
  try {
    return [facts.key.value === null ? await askWithoutKey(facts, patience) : await askForBalance(facts, patience)];
  } catch (error) {
    if (!patience.aborted) throw error;
    return [timeoutFinding(facts.baseUrl)];
  }
}

/** The list of models needs no key: at least the address can be proven. */
async function askWithoutKey({ client, baseUrl }: ProviderFacts, signal: AbortSignal): Promise<Finding> {
  const outcome = await client.listModels(signal);
  if (outcome.kind === 'unavailable') return unusableAnswer(outcome.evidence, baseUrl);
  return warn(
    'provider',
    'provider_unchecked',
    `${baseUrl.origin} answers; without a usable key the account cannot be checked`,
    'correct the key first',
  );
}

function connectionTrouble(result: DialResult, { origin, hostname }: URL): Finding | null {
  switch (result.kind) {
    case 'reached':
      return null;
    case 'dns':
      return fail(
        'provider',
        'provider_dns',
        `provider unreachable: DNS knows no ${hostname} (${result.code})`,
        'check AIMLAPI_BASE_URL for a typing error, and the DNS of this machine',
      );
    case 'refused':
      return fail(
        'provider',
        'provider_refused',
        `provider unreachable: connection refused by ${origin}`,
        'check host and port of AIMLAPI_BASE_URL, and whether a firewall is in the way',
      );
    case 'unreachable':
      return fail(
        'provider',
        'provider_unreachable',
        `provider unreachable: no connection to ${origin} (${result.code})`,
        'check the network and the firewall of this machine',
      );
    case 'tls':
      return fail(
        'provider',
        'provider_tls',
        `provider unreachable: TLS handshake with ${origin} failed (${result.code})`,
        'check https:// and the port in AIMLAPI_BASE_URL, the clock, and any proxy that replaces certificates',
      );
    case 'timeout':
      return timeoutFinding({ origin });
  }
}

function timeoutFinding({ origin }: { origin: string }): Finding {
  return fail(
    'provider',
    'provider_timeout',
    `provider unreachable: timeout, ${origin} gives no answer`,
    'check firewall and proxy between this machine and the provider, or try again later',
  );
}

/** Free, and proves the key. */
async function askForBalance({ client, key, baseUrl }: ProviderFacts, signal: AbortSignal): Promise<Finding> {
  const outcome = await client.probe(signal);
  const shownKey = `fingerprint ${key.fingerprint ?? 'unknown'}`;
  switch (outcome.kind) {
    case 'ok':
      return balanceFinding(outcome.balanceUsd, shownKey);
    case 'refused':
      return refusalFinding(outcome.state, outcome.evidence, shownKey);
    case 'unavailable':
      return unusableAnswer(outcome.evidence, baseUrl);
  }
}

function balanceFinding(balanceUsd: number | null, key: string): Finding {
  if (balanceUsd === null) return ok('provider', `the provider accepts the key (${key})`);
  const balance = `${balanceUsd.toFixed(2)} USD`;
  if (balanceUsd < lowBalanceUsd) {
    return warn(
      'provider',
      'provider_low_balance',
      `the provider accepts the key (${key}), but only ${balance} are left`,
      `top up at ${billingUrl}`,
    );
  }
  return ok('provider', `the provider accepts the key (${key}), balance ${balance}`);
}

function refusalFinding(
  state: Extract<ProbeOutcome, { kind: 'refused' }>['state'],
  evidence: ProviderEvidence,
  key: string,
): Finding {
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

function unusableAnswer(evidence: ProviderEvidence, baseUrl: URL): Finding {
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
