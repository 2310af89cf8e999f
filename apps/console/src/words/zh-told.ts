import { failureInChinese, failureTable, holdInChinese } from '@video-proxy/core';
import type { toldInEnglish } from './en-told.ts';
import { attentionInChinese, remediesInChinese } from './zh-attention.ts';
import { findingInChinese } from './zh-findings.ts';
import { termsInChinese } from './zh-terms.ts';

export const toldInChinese: typeof toldInEnglish = {
  attention: attentionInChinese,
  remedy: ({ code, text }) => (remediesInChinese as Readonly<Record<string, string>>)[code] ?? text,
  // What the provider named as wrong with a request stands in the message and nowhere else.
  failure: (error) =>
    error.code === 'invalid_request' && error.message !== failureTable.invalid_request.text
      ? `${failureInChinese(error)}（${error.message}）`
      : failureInChinese(error),
  hold: holdInChinese,
  standing: ({ scope, code, said, message }) => {
    if (scope === 'ops') return message;
    const known = (termsInChinese.codes as Readonly<Record<string, string>>)[code] ?? message;
    return findingInChinese(said, known);
  },
  finding: findingInChinese,
};
