import { credentialStateAfter, type FindOutcome, type ProbeOutcome, remark } from '@video-proxy/core';
import { balanceUsdOf, type LogPage, readLogPage } from './answers.ts';
import { type Call, evidenceOf, evidenceOfSilence, readAnswer } from './evidence.ts';
import type { Reply } from './exchange.ts';
import { accountFailureOf, verdictOf, wrongAddress } from './verdict.ts';

/**
 * What a balance request says about the key and the account.
 *
 * A balance of nothing counts as out of credits, because the next paid request would only prove it at a job's expense. A
 * positive one proves the key, not that it is enough: the price is held at create. A 403 without a known reason proves
 * neither: a key may be limited to generating.
 */
export function probeOutcomeOf(reply: Reply, call: Call): ProbeOutcome {
  if (reply.kind === 'silence') return { kind: 'unavailable', evidence: evidenceOfSilence(reply, call) };
  const answer = readAnswer(reply);
  const evidence = evidenceOf(answer, call, isMissingEndpoint(reply) ? wrongAddress : null);
  const code = accountFailureOf(answer);
  const state = code === null ? null : credentialStateAfter(code);
  if (state !== null) return { kind: 'refused', state, evidence };
  const balanceUsd = verdictOf(answer) === 'done' ? balanceUsdOf(answer.json) : null;
  if (balanceUsd === null) return { kind: 'unavailable', evidence };
  if (balanceUsd > 0) return { kind: 'ok', balanceUsd };
  return {
    kind: 'refused',
    state: 'out_of_credits',
    evidence: evidenceOf(
      answer,
      call,
      remark(`the balance is ${balanceUsd} USD`, 'answer_balance', { balance_usd: balanceUsd }),
    ),
  };
}

/** Whether this provider has no such balance endpoint, so that the older one is worth asking. */
export function isMissingEndpoint(reply: Reply): boolean {
  if (reply.kind === 'silence') return false;
  const verdict = verdictOf(readAnswer(reply));
  return verdict === 'not_found' || verdict === 'misdirected';
}

/** One page of the provider's request log: the outcome if it settles the search, else the page. */
export function logPageOf(reply: Reply, call: Call): { page: LogPage } | { unavailable: FindOutcome } {
  if (reply.kind === 'silence') {
    return { unavailable: { kind: 'unavailable', evidence: evidenceOfSilence(reply, call) } };
  }
  const answer = readAnswer(reply);
  const page = verdictOf(answer) === 'done' && answer.whole ? readLogPage(answer.json) : null;
  return page === null ? { unavailable: { kind: 'unavailable', evidence: evidenceOf(answer, call) } } : { page };
}
