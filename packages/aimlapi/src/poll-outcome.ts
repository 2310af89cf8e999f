import { failure, type PollOutcome, remark } from '@video-proxy/core';
import { readGeneration, usableLink, usageOf } from './answers.ts';
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

/** `completed` is documented, `succeeded` recorded; the others are used by third-party clients. */
const successWords = new Set(['completed', 'succeeded', 'success', 'succeed', 'done', 'ready', 'finished']);
/** `error` is documented and recorded; the others are used by third-party clients. */
const failureWords = new Set(['error', 'failed', 'cancelled', 'canceled', 'expired', 'timeout']);

/** What one poll says. Only the provider's own verdict on this generation is final; everything else is asked again. */
export function pollOutcomeOf(reply: Reply, call: Call, baseUrl: string): PollOutcome {
  if (reply.kind === 'silence') {
    return { kind: 'unavailable', evidence: evidenceOfSilence(reply, call), retryAfterMs: null };
  }
  const answer = readAnswer(reply);
  const verdict = verdictOf(answer);
  // By far the most answers say that the generation is still being made: for those no evidence is put together.
  if (verdict === 'done') return generationOutcomeOf(answer, call, baseUrl);
  const evidence = evidenceOf(answer, call);
  switch (verdict) {
    case 'unauthorized':
    case 'forbidden':
      return { kind: 'refused', failure: failure(accountFailureOf(answer) ?? 'provider_forbidden', { evidence }) };
    case 'not_found':
      return { kind: 'not_found', evidence };
    // Undocumented for polls, and no word on the generation: that it ended, or that nobody knows it, is said otherwise.
    case 'too_large':
    case 'rejected': {
      const code = accountFailureOf(answer);
      return code === null
        ? { kind: 'unavailable', evidence, retryAfterMs: retryAfterMsOf(answer) }
        : { kind: 'refused', failure: failure(code, { evidence }) };
    }
    case 'misdirected':
      return { kind: 'unavailable', evidence: evidenceOf(answer, call, wrongAddress), retryAfterMs: null };
    case 'limited':
    case 'trouble':
    case 'unchanged':
      return { kind: 'unavailable', evidence, retryAfterMs: retryAfterMsOf(answer) };
  }
}

/** Status words follow the upstream models, so a word that is neither success nor failure means: not yet. */
function generationOutcomeOf(answer: ReadAnswer, call: Call, baseUrl: string): PollOutcome {
  const generation = answer.whole ? readGeneration(answer.json) : null;
  if (generation === null)
    return { kind: 'unavailable', evidence: evidenceOf(answer, call), retryAfterMs: retryAfterMsOf(answer) };
  const { status, links, hasError } = generation;
  if (successWords.has(status)) {
    const sourceUrl = usableLink(links, baseUrl);
    return sourceUrl === null
      ? { kind: 'succeeded_without_file', ...providerRequestIdOf(answer, call) }
      : { kind: 'succeeded', sourceUrl, usage: usageOf(answer.json), ...providerRequestIdOf(answer, call) };
  }
  // `unknown` was recorded with an error for an id that does not exist; without one it says nothing.
  if (status === 'unknown' && hasError) return { kind: 'not_found', evidence: verdictEvidenceOf(answer, call, status) };
  if (failureWords.has(status)) {
    const code = isContentRejection(answer.envelope.codes) ? 'content_rejected' : 'provider_error';
    return { kind: 'failed', failure: failure(code, { evidence: verdictEvidenceOf(answer, call, status) }) };
  }
  return { kind: 'pending', providerStatus: cleaned(status, call.key, 64), ...providerRequestIdOf(answer, call) };
}

/** An `error` of null is allowed with a failure; the status word then is all there is. */
function verdictEvidenceOf(answer: ReadAnswer, call: Call, status: string) {
  if (answer.envelope.message !== null) return evidenceOf(answer, call);
  return evidenceOf(
    answer,
    call,
    remark(`status "${status}" without an error`, 'answer_without_error', { word: status }),
  );
}
