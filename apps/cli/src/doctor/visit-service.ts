import { readiness } from '@video-proxy/contracts';
import type { ServiceVisit } from './checks/service.ts';
import { dial } from './dial.ts';

const dialTimeoutMs = 2_000;
const answerTimeoutMs = 4_000;

/** Asks a running service how it is. Nobody there and somebody strange there are different findings. */
export async function visitService(origin: string): Promise<ServiceVisit> {
  const reached = await dial(new URL(origin), dialTimeoutMs);
  switch (reached.kind) {
    case 'reached':
      return askForReadiness(origin);
    case 'refused':
      return { kind: 'absent', reason: 'nothing listens there' };
    case 'dns':
      return { kind: 'absent', reason: `DNS knows no such host, ${reached.code}` };
    case 'unreachable':
      return { kind: 'absent', reason: reached.code };
    case 'timeout':
      return { kind: 'absent', reason: 'no connection in time' };
    case 'tls':
      return { kind: 'stranger', answer: `TLS: ${reached.code}` };
  }
}

async function askForReadiness(origin: string): Promise<ServiceVisit> {
  try {
    const response = await fetch(`${origin}/readyz`, {
      signal: AbortSignal.timeout(answerTimeoutMs),
      redirect: 'manual',
    });
    const report = readiness.safeParse(await response.json().catch(() => null));
    if (report.success) return { kind: 'answered', report: report.data };
    return { kind: 'stranger', answer: `status ${response.status}` };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { kind: 'stranger', answer: timedOut ? 'no answer in time' : 'no HTTP answer' };
  }
}
