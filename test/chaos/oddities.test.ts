import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leftOut, oddities } from '../../chaos/oddities.ts';

test('a chaos run meets everything the sandbox can do', () => {
  const documentation = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
  const [, table = ''] = documentation.split('<!-- scenarios:');
  const documented = [...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, word = '']) => word);
  const met = oddities.flatMap(({ words }) => words.split(' ').map((word) => word.split('=')[0]));
  expect(documented.length).toBeGreaterThan(100);
  expect(documented.filter((word) => !met.includes(word) && !(word in leftOut))).toEqual([]);
});
