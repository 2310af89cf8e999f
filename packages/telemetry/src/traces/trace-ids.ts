import { hash, randomBytes } from 'node:crypto';

/**
 * The ids of a job's trace come from the id of the job: API, worker, and whoever goes on after a crash agree on them, and nothing of
 * it has to be stored or handed on.
 */
export const traceIdOf = (jobId: string): string => hash('sha256', jobId).slice(0, 32);

/** Of the request that created the job: the root. */
export const rootIdOf = (jobId: string): string => hash('sha256', jobId).slice(32, 48);

/** Of one attempt: what happens for it hangs below this, although it is told last. */
export const attemptIdOf = (jobId: string, attempt: number): string =>
  hash('sha256', `${jobId}.${attempt}`).slice(0, 16);

export const newSpanId = (): string => randomBytes(8).toString('hex');

const decidingDigits = 13;

/** The same in every process. Decided by the last digits, as OpenTelemetry's consistent sampling does it. */
export function isSampled(traceId: string, share: number): boolean {
  const place = Number.parseInt(traceId.slice(-decidingDigits), 16) / 16 ** decidingDigits;
  return place >= 1 - share;
}
