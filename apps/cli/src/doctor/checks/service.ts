import type { CurrentApiKey } from '@video-proxy/aimlapi';
import type { Readiness } from '@video-proxy/contracts';
import { troubles } from '@video-proxy/core';
import { type Finding, fail, ok, warn } from '../finding.ts';

export type ServiceVisit =
  | { readonly kind: 'answered'; readonly report: Readiness }
  | { readonly kind: 'absent'; readonly reason: string }
  /** Something listens there, and it does not answer as a video-proxy does. */
  | { readonly kind: 'stranger'; readonly answer: string };

export interface ServiceFacts {
  readonly origin: string;
  readonly visit: ServiceVisit;
  /** The key of the environment. */
  readonly key: Pick<CurrentApiKey, 'value' | 'fingerprint'>;
  readonly sandboxChosen: boolean;
}

const restart = troubles.keysDiffer.action;

export function examineService(facts: ServiceFacts): readonly Finding[] {
  const { origin, visit } = facts;
  switch (visit.kind) {
    case 'absent':
      return [
        warn(
          'service',
          'service_absent',
          `no service answers at ${origin} (${visit.reason})`,
          'start it with npm start, or name it with --url',
        ),
      ];
    case 'stranger':
      return [
        fail(
          'service',
          'port_taken',
          `something else than this service listens at ${origin} (${visit.answer})`,
          'stop it, or set PORT to another port; if it is this service, restart it',
        ),
      ];
    case 'answered': {
      const { report } = visit;
      const findings = [keyDifference(report, facts), refusedAccount(report), ...brokenParts(origin, report)];
      const wrong = findings.filter((finding) => finding !== null);
      if (wrong.length > 0) return wrong;
      return [
        ok('service', `the service at ${origin} is ready, provider ${report.provider}, key ${report.credential.state}`),
      ];
    }
  }
}

/** A variable that was changed after the start changes nothing: the third suspect of the incident. */
function keyDifference({ provider, credential }: Readiness, { key, sandboxChosen }: ServiceFacts): Finding | null {
  if (key.value === null || sandboxChosen) return null;
  if (provider === 'sandbox') {
    return fail('service', 'key_differs', 'the running service uses the sandbox, the environment has a key', restart);
  }
  if (credential.fingerprint === key.fingerprint) return null;
  const finding =
    credential.fingerprint === null
      ? `the running service holds no key, the environment has one (fingerprint ${key.fingerprint})`
      : `the running service holds another key (fingerprint ${credential.fingerprint}) than the environment (fingerprint ${key.fingerprint})`;
  return fail('service', 'key_differs', finding, restart);
}

/** What the service itself has met: it may hold another key, or reach the provider from another network. */
function refusedAccount({ provider, credential }: Readiness): Finding | null {
  const { state, finding, last_provider_request_id: requestId } = credential;
  if (state === 'ok' || state === 'unchecked') return heldModel(finding);
  const said = [finding, requestId === null ? null : `request id ${requestId}`]
    .filter((part) => part !== null)
    .join(', ');
  return fail(
    'service',
    `service_key_${state}`,
    `the running service waits: its key at ${provider} is ${state.replaceAll('_', ' ')}${said === '' ? '' : ` (${said})`}`,
    state === 'missing' || state === 'malformed'
      ? 'correct AI_ML_API_KEY and restart'
      : 'correct the account or the key; held jobs then go on by themselves',
  );
}

/** A good account with a finding has too few credits for a model; jobs of other models go on. */
function heldModel(finding: string | null): Finding | null {
  if (finding === null) return null;
  return warn('service', 'service_model_held', `${troubles.modelHeld.finding}: ${finding}`, troubles.modelHeld.action);
}

function* brokenParts(origin: string, { status, redis, storage }: Readiness): Generator<Finding> {
  if (redis.state !== 'ok' || status !== 'ready') {
    yield fail(
      'service',
      'service_not_ready',
      `the service at ${origin} is not ready: ${redis.finding ?? status}`,
      'see the check of Redis',
    );
  }
  if (storage.state !== 'ok') {
    yield fail(
      'service',
      'storage_unavailable',
      `${troubles.storage.finding}: ${storage.finding ?? storage.state}`,
      troubles.storage.action,
    );
  }
}
