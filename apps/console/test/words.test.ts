import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wordsInEnglish } from '../src/words/en.ts';
import { wordsInChinese } from '../src/words/zh.ts';
import { findingInChinese, findingsInChinese } from '../src/words/zh-findings.ts';

const sources = join(import.meta.dirname, '../src');

/** Looked up by what the service says, such as a code, or by the name of a condition. */
const lookedUp =
  /^(terms|told)\.|^audit\.actions\.|^orders\.(titles|meanings|countMeaning|confirm|done)\.|^failures\.ranges\.|^credential\.outcomes\.|^jobs\.(from|to)$/;

function pathsOf(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? pathsOf(value, `${prefix}${name}.`) : [prefix + name],
  );
}

async function sourceText(): Promise<string> {
  const files = await readdir(sources, { recursive: true });
  const wanted = files.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('words/'));
  return (await Promise.all(wanted.map((file) => readFile(join(sources, file), 'utf8')))).join('\n');
}

test('both languages have the same words', () => {
  expect(pathsOf(wordsInChinese).toSorted()).toEqual(pathsOf(wordsInEnglish).toSorted());
});

test('every word is said somewhere', async () => {
  const names = new Set(Array.from((await sourceText()).matchAll(/\.(\w+)/g), ([, name]) => name));
  const unsaid = pathsOf(wordsInEnglish).filter(
    (path) => !lookedUp.test(path) && !names.has(path.slice(path.lastIndexOf('.') + 1)),
  );
  expect(unsaid).toEqual([]);
});

test('every finding is told in Chinese, whatever facts an earlier version left out', () => {
  const told = Object.keys(findingsInChinese).map((code) => findingInChinese({ code, facts: {} }, 'in English'));
  expect(told.filter((text) => text !== '' && !/\p{Script=Han}/u.test(text))).toEqual([]);
});

test('a finding within a finding is told with it', () => {
  const facts = { part: 'file_cut_off', bytes: 400, bytes_min: 800 };
  expect(findingInChinese({ code: 'download_ended_early', facts }, '')).toBe(
    '下载提前结束：视频文件不完整：应至少有 800 字节，只有 400 字节',
  );
});

test('the words of the provider and of a version that knows more stay as they are', () => {
  expect(findingInChinese(null, 'Too Many Requests')).toBe('Too Many Requests');
  expect(findingInChinese({ code: 'not_known_yet', facts: {} }, 'something new')).toBe('something new');
});

test('a job that was refused before reasons had codes still says which one it was', () => {
  const error = { code: 'invalid_request', billed: 'no', retryable: false, provider: null } as const;
  const message = 'The video provider refused the request (prompt: Required).';
  expect(wordsInChinese.told.failure({ ...error, message, said: null })).toContain(`“${message}”`);
  const said = { code: 'failure_complaint', facts: { complaint: 'prompt: Required' } };
  expect(wordsInChinese.told.failure({ ...error, message, said })).not.toContain('refused');
});
