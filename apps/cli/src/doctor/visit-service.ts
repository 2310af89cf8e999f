import type { ServiceReport, ServiceVisit } from './checks/service.ts';

const patienceMs = 4_000;

/** Asks a running service how it is. */
export async function visitService(origin: string): Promise<ServiceVisit> {
  try {
    const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' });
    const body: unknown = await response.json().catch(() => null);
    const credential = fieldOf(body, 'credential');
    if (credential === undefined) return { kind: 'stranger', statusCode: response.status };
    return { kind: 'answered', report: reportOf(body, credential, response.ok) };
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}

function reportOf(body: unknown, credential: unknown, ready: boolean): ServiceReport {
  const state = fieldOf(credential, 'state');
  const fingerprint = fieldOf(credential, 'fingerprint');
  const count = fieldOf(fieldOf(body, 'workers'), 'count');
  return {
    credentialState: typeof state === 'string' ? state : null,
    keyFingerprint: typeof fingerprint === 'string' ? fingerprint : null,
    liveWorkers: typeof count === 'number' ? count : null,
    ready,
  };
}

/** A service of another version may say more or less than this one. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'nothing listens there';
  return cause instanceof Error ? cause.message : error.message;
}
