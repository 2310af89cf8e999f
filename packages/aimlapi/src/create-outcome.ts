import { type CreateOutcome, type Failure, failure, type Remark, remark } from '@video-proxy/core';
import { generationIdOf, usageOf } from './answers.ts';
import {
  type Call,
  cleaned,
  evidenceOf,
  evidenceOfSilence,
  providerRequestIdOf,
  type ReadAnswer,
  readAnswer,
} from './evidence.ts';
import type { Reply } from './exchange.ts';
import { accountFailureOf, isContentRejection, retryAfterMsOf, verdictOf, wrongAddress } from './verdict.ts';

/**
 * How a paid request ended. Whatever is not certain is `unknown`: a wrong `not_taken` pays twice, a wrong `refused` loses a
 * video that was paid for.
 */
export function createOutcomeOf(reply: Reply, call: Call): CreateOutcome {
  if (reply.kind === 'silence') {
    const evidence = evidenceOfSilence(reply, call);
    if (reply.mayHaveLeft) return { kind: 'unknown', evidence };
    return { kind: 'not_taken', failure: failure('provider_unavailable', { evidence }), retryAfterMs: null };
  }
  const answer = readAnswer(reply);
  const evidence = evidenceOf(answer, call);
  switch (verdictOf(answer)) {
    case 'done':
      return acceptedOf(answer, call) ?? { kind: 'unknown', evidence };
    case 'trouble':
    case 'unchanged':
      return { kind: 'unknown', evidence };
    case 'misdirected': {
      const known = { evidence: evidenceOf(answer, call, wrongAddress) };
      return { kind: 'not_taken', failure: failure('provider_unavailable', known), retryAfterMs: null };
    }
    case 'limited':
      return {
        kind: 'not_taken',
        failure: failure('provider_rate_limited', { evidence }),
        retryAfterMs: retryAfterMsOf(answer),
      };
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
    case 'too_large':
    case 'rejected':
      return { kind: 'refused', failure: refusalOf(answer, call) };
  }
}

/** Accepted whatever status the body already names: the first poll will tell the rest. */
function acceptedOf(answer: ReadAnswer, call: Call): CreateOutcome | null {
  const generationId = generationIdOf(answer.json, answer.header('x-inference-id'));
  if (generationId === null) return null;
  return { kind: 'accepted', generationId, usage: usageOf(answer.json), ...providerRequestIdOf(answer, call) };
}

function refusalOf(answer: ReadAnswer, call: Call): Failure {
  const evidence = evidenceOf(answer, call);
  const account = accountFailureOf(answer);
  if (account !== null) return failure(account, { evidence });
  const verdict = verdictOf(answer);
  if (isContentRejection(answer.envelope.codes)) return failure('content_rejected', { evidence });
  if (verdict === 'forbidden') return failure('provider_forbidden', { evidence });
  if (verdict === 'not_found') return failure('model_not_found', { evidence });
  if (verdict === 'too_large') {
    return failure('invalid_request', { told: tooLarge, evidence });
  }
  const told = complaintOf(answer, call);
  return failure('invalid_request', told === null ? { evidence } : { told, evidence });
}

const tooLarge = remark(
  'The request is larger than the video provider accepts. Nothing was billed. Give links instead of embedded files.',
  'failure_too_large_for_provider',
);

/** Says what the provider complains about, by field where it names one; null without any word of it. */
function complaintOf({ envelope }: ReadAnswer, call: Call): Remark | null {
  const complaints = envelope.issues.slice(0, 5).map(({ field, message }) => `${field}: ${message}`);
  const complaint = cleaned(complaints.join('; ') || (envelope.message ?? ''), call.key, 300);
  if (complaint === '') return null;
  const text = `The video provider refused the request (${complaint}). Nothing was billed. Correct it and send it again.`;
  return remark(text, 'failure_complaint', { complaint });
}
