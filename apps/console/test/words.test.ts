import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wordsInEnglish } from '../src/words/en.ts';
import { wordsInChinese } from '../src/words/zh.ts';

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
