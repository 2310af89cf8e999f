import type { CurrentApiKey } from '@video-proxy/aimlapi';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** What a running service says about itself in `GET /readyz`; null where it says nothing. */
export interface ServiceReport {
  readonly credentialState: string | null;
  readonly keyFingerprint: string | null;
  readonly liveWorkers: number | null;
  readonly ready: boolean;
}

export type ServiceVisit =
  | { readonly kind: 'answered'; readonly report: ServiceReport }
  | { readonly kind: 'absent'; readonly reason: string }
  /** Something listens there, and it is not a video-proxy. */
  | { readonly kind: 'stranger'; readonly statusCode: number };

export interface ServiceFacts {
  readonly origin: string;
  readonly visit: ServiceVisit;
  readonly key: Pick<CurrentApiKey, 'value' | 'fingerprint'>;
}

export function examineService({ origin, visit, key }: ServiceFacts): readonly Finding[] {
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
          `something else than this service answers at ${origin} (status ${visit.statusCode})`,
          'stop it, or set PORT to another port',
        ),
      ];
    case 'answered':
      return examineReport(origin, visit.report, key);
  }
}

function examineReport(origin: string, report: ServiceReport, key: ServiceFacts['key']): readonly Finding[] {
  const findings: Finding[] = [];
  const otherKey = keyDifference(report, key);
  if (otherKey !== null) findings.push(otherKey);
  if (!report.ready) {
    findings.push(
      fail('service', 'service_not_ready', `the service at ${origin} is running but not ready`, `see ${origin}/readyz`),
    );
  }
  if (findings.length > 0) return findings;
  const credential = report.credentialState === null ? '' : `, key ${report.credentialState}`;
  return [ok('service', `the service at ${origin} is ready${credential}`)];
}

/** A variable that was changed after the start changes nothing: the third suspect of the incident. */
function keyDifference(report: ServiceReport, key: ServiceFacts['key']): Finding | null {
  if (key.value === null || report.keyFingerprint === key.fingerprint) return null;
  const finding =
    report.keyFingerprint === null
      ? `the running service holds no key, the environment has one (fingerprint ${key.fingerprint})`
      : `the running service holds another key (fingerprint ${report.keyFingerprint}) than the environment (fingerprint ${key.fingerprint})`;
  return fail('service', 'key_differs', finding, 'restart needed: a changed variable is read at the next start');
}
