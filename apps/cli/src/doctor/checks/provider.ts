import type { AimlapiProvider, CurrentApiKey } from '@video-proxy/aimlapi';
import { dial } from '../dial.ts';
import { type Finding, warn } from '../finding.ts';
import { balanceFinding, refusalFinding, unusableAnswer } from './provider-answers.ts';
import { connectionTrouble, timeoutFinding } from './provider-connection.ts';

export interface ProviderFacts {
  readonly baseUrl: URL;
  /** The key that would be sent; null when there is none fit to be sent, and then nobody is asked about it. */
  readonly key: Pick<CurrentApiKey, 'value' | 'fingerprint'>;
  readonly client: AimlapiProvider;
}

/** Each of up to three steps of connecting, then the answer: the whole diagnosis stays within 10 s. */
const dialTimeoutMs = 2_500;
const answerTimeoutMs = 5_000;

/** From the outside in: first the way to the provider, then what it says about the account. */
export async function examineProvider(facts: ProviderFacts, signal: AbortSignal): Promise<readonly Finding[]> {
  const trouble = connectionTrouble(await dial(facts.baseUrl, dialTimeoutMs), facts.baseUrl);
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
