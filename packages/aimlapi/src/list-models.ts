import type { ProviderEvidence } from '@video-proxy/core';
import { readModelList } from './answers.ts';
import type { ListedModel } from './catalog/video-model.ts';
import { type Call, evidenceOf, evidenceOfSilence, readAnswer } from './evidence.ts';
import type { Reply } from './exchange.ts';
import { verdictOf } from './verdict.ts';

export type ModelsOutcome =
  /** Never empty. */
  | { readonly kind: 'listed'; readonly models: readonly ListedModel[] }
  /** Nothing new since the last list. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'unavailable'; readonly evidence: ProviderEvidence };

export type ModelLister = (ask: (etag: string | null) => Promise<Reply>, call: Call) => Promise<ModelsOutcome>;

/** Remembers the `ETag` of the last list that could be read, so that an unchanged one costs nothing. */
export function openModelLister(): ModelLister {
  let etag: string | null = null;
  return async (ask, call) => {
    const reply = await ask(etag);
    if (reply.kind === 'silence') return { kind: 'unavailable', evidence: evidenceOfSilence(reply, call) };
    const answer = readAnswer(reply);
    const verdict = verdictOf(answer);
    if (verdict === 'unchanged') return { kind: 'unchanged' };
    const models = verdict === 'done' && answer.whole ? readModelList(answer.json) : null;
    if (models === null || models.length === 0) return { kind: 'unavailable', evidence: evidenceOf(answer, call) };
    etag = answer.header('etag');
    return { kind: 'listed', models };
  };
}
