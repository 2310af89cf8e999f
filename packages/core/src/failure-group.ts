import type { FailureCode } from './failures.ts';
import type { VideoJob } from './video-job.ts';

/** What failures have in common that are put right together. */
export interface FailureGroup {
  readonly code: FailureCode;
  readonly providerStatus: number | null;
  /** The provider's word for it, in the form in which words are compared. */
  readonly kind: string | null;
  /** Null in a group that takes in what has none of its own. */
  readonly model: string | null;
}

/** The group of a job that is failed now; null for any other. */
export function failureGroupOf({ model, lifecycle }: Pick<VideoJob, 'model' | 'lifecycle'>): FailureGroup | null {
  if (lifecycle.state !== 'failed') return null;
  const { code, evidence } = lifecycle.failure;
  return { code, providerStatus: evidence?.statusCode ?? null, kind: comparedKind(evidence?.kind ?? null), model };
}

const kindLengthMax = 60;
/** Numbers, and what looks like an id: eight or more hexadecimal digits, some of them decimal. */
const variableParts = /\b(?=[a-f]*\d)[0-9a-f]{8,}(?:-[0-9a-f]+)*|\d+/g;

/** The provider may say anything: an id or a number in its words must not make a group of each failure. */
function comparedKind(kind: string | null): string | null {
  const word = (kind ?? '').trim().toLowerCase().replaceAll(variableParts, '#').slice(0, kindLengthMax).toWellFormed();
  return word === '' ? null : word;
}
