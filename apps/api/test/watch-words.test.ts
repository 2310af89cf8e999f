import { type FailureCode, failure, failureCodes, failureInChinese } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { languageOf } from '../src/surfaces/watch/language.ts';

test.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['zh-Hant-TW', 'zh'],
  ['en-US,en;q=0.9,zh;q=0.8', 'en'],
  ['fr,zh;q=0.1', 'zh'],
  ['de', 'en'],
  [undefined, 'en'],
])('the browser that prefers %s reads %s', (header, language) => {
  expect(languageOf({ 'accept-language': header })).toBe(language);
});

const errorOf = (code: FailureCode, billed = failure(code).billed) => failureInChinese({ code, billed });

test.each(failureCodes)('%s is told in Chinese, and never promises what is not known about money', (code) => {
  expect(errorOf(code)).toMatch(/\p{Script=Han}/u);
  expect(errorOf(code).includes('未产生费用') && failure(code).billed !== 'no').toBe(false);
});

test('a failure that may have been billed does not say that it was not', () => {
  expect(errorOf('provider_error', 'unknown')).toContain('无法确定是否计费');
  expect(errorOf('cancelled', 'yes')).toContain('计费');
});
