import { failureInChinese, failureTable, holdInChinese } from '@video-proxy/core';
import type { toldInEnglish } from './en-told.ts';
import { attentionInChinese, remediesInChinese } from './zh-attention.ts';
import { findingInChinese, partInChinese } from './zh-findings.ts';
import { termsInChinese } from './zh-terms.ts';

export const toldInChinese: typeof toldInEnglish = {
  attention: attentionInChinese,
  remedy: ({ code, text }) => (remediesInChinese as Readonly<Record<string, string>>)[code] ?? text,
  // What a job that an earlier version refused is about stands in its message and nowhere else.
  failure: (error) =>
    error.code === 'invalid_request' && error.said === null && error.message !== failureTable.invalid_request.text
      ? `${failureInChinese(error)}（原文：“${error.message}”）`
      : failureInChinese(error),
  hold: (hold) => {
    const { part, ...facts } = hold.said?.facts ?? {};
    const why = typeof part === 'string' ? partInChinese({ code: part, facts }) : null;
    return why === null ? holdInChinese(hold) : `${holdInChinese(hold)}原因：${why}。`;
  },
  standing: ({ scope, code, said, message }) => {
    if (scope === 'ops') return message;
    const known = (termsInChinese.codes as Readonly<Record<string, string>>)[code] ?? message;
    return findingInChinese(said, known);
  },
  finding: findingInChinese,
  delivery: ({ status_code: status, code, error }) => {
    if (status !== null) return findingInChinese({ code: 'webhook_answered', facts: { status } }, error ?? '');
    // Whatever else Node calls it: the receiver was not reached.
    const unreached = { code: 'webhook_unreached', facts: { error: code === 'unreached' ? null : code } };
    return findingInChinese({ code: `webhook_${code}`, facts: {} }, findingInChinese(unreached, error ?? ''));
  },
};
