import { holdCodeFor } from '../credential.ts';
import { accountTroubles, troubles } from '../findings.ts';
import { modelFinding, modelSaid } from '../holds.ts';
import { holdDifferentKeys, type InstallationFacts } from './facts.ts';
import { type Attention, item, sentence, sentenceOf } from './item.ts';

const accountTitles = {
  missing: 'No API key for the provider',
  malformed: 'The API key is malformed',
  rejected: 'The provider refuses the API key',
  out_of_credits: 'The account is out of credits',
  unverified: 'The account has to be verified',
} as const;

/** The cause of the incident that this service was built after: said first, with what the support of the provider asks for. */
export function accountTrouble({ credential, waitingJobs }: InstallationFacts): Attention | null {
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

export function providerTrouble({ holds: { provider }, waitingJobs }: InstallationFacts): Attention | null {
  if (provider === null) return null;
  const limits = provider.code === 'provider_rate_limited';
  const title = limits ? 'The provider limits requests' : 'The provider cannot be reached';
  return item('warning', limits ? 'provider_limits' : 'provider_unreachable', title, provider.message, {
    sinceMs: provider.sinceMs,
    facts: { tries: provider.tries, waiting_jobs: waitingJobs },
    evidence: provider.evidence,
  });
}

export function modelsHeld({ holds, credential }: InstallationFacts): Attention | null {
  const finding = credential.state === 'out_of_credits' ? null : modelFinding(holds);
  if (finding === null) return null;
  return item('warning', 'models_held', 'Too few credits for some models', sentenceOf(troubles.modelHeld, finding), {
    action: sentence(troubles.modelHeld.action),
    sinceMs: Math.min(...[...holds.models.values()].map(({ sinceMs }) => sinceMs)),
    facts: { models: [...holds.models.keys()].join(', ') },
    said: modelSaid(holds),
  });
}

export function keysDiffer({ workers }: InstallationFacts): Attention | null {
  if (!holdDifferentKeys(workers)) return null;
  const fingerprints = [...new Set(workers.map(({ keyFingerprint }) => keyFingerprint ?? 'none'))].join(', ');
  return item('warning', 'keys_differ', 'Workers hold different keys', sentenceOf(troubles.keysDiffer, fingerprints), {
    action: sentence(troubles.keysDiffer.action),
    facts: { fingerprints },
  });
}
