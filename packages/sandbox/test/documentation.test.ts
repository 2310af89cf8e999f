import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { scenarioTables } from '../src/scenarios/documentation.ts';
import { scenarioChapters } from '../src/scenarios/words.ts';

const page = new URL('../../../docs/sandbox.md', import.meta.url);

test('docs/sandbox.md has exactly the words of the code (update with -u)', async () => {
  const written = await readFile(page, 'utf8');
  const expected = written.replace(
    /(<!-- scenarios: .* -->\n)[\s\S]*(<!-- \/scenarios -->)/,
    (_all, start: string, end: string) => `${start}\n${scenarioTables()}\n\n${end}`,
  );
  expect(expected).toContain('| `rejected-key` |');
  await expect(expected).toMatchFileSnapshot(page.pathname);
});

test('no word is taken twice', () => {
  const words = scenarioChapters.flatMap(({ scenarios }) => scenarios.map(({ word }) => word));
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});
