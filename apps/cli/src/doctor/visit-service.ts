import { readiness } from '@video-proxy/contracts';
import type { ServiceVisit } from './checks/service.ts';

const patienceMs = 4_000;

/** Asks a running service how it is. */
export async function visitService(origin: string): Promise<ServiceVisit> {
  try {
    const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' });
    const report = readiness.safeParse(await response.json().catch(() => null));
    return report.success
      ? { kind: 'answered', report: report.data }
      : { kind: 'stranger', statusCode: response.status };
  } catch (error) {
    return { kind: 'absent', reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'nothing listens there';
  return cause instanceof Error ? cause.message : error.message;
}
