import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe.each([
  ['README.md', 'README.zh-CN.md'],
  ['docs/librechat.md', 'docs/librechat.zh-CN.md'],
])('%s and %s tell the same story', (inEnglish, inChinese) => {
  const english = outlineOf(read(inEnglish));
  const chinese = outlineOf(read(inChinese));

  test('with the same headings, level by level', () => {
    expect(chinese.headingLevels).toEqual(english.headingLevels);
  });

  test('with the same tables, row by row', () => {
    expect(chinese.tables).toEqual(english.tables);
  });

  test('with the same commands and code', () => {
    expect(chinese.code).toEqual(english.code);
  });
});

const documents = globSync(['*.md', '{docs,deploy,bench,chaos,examples,packages,apps}/**/*.md'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});

test.each(documents)('every relative link of %s leads somewhere', (document) => {
  const broken = linksOf(read(document)).filter((link) => !resolves(document, link));
  expect(broken).toEqual([]);
});

interface Outline {
  readonly headingLevels: readonly number[];
  /** For each table its number of rows and what its first cells name in code. */
  readonly tables: readonly (readonly string[])[];
  /** The lines of the code blocks without comments; of diagrams only that they are there, their labels are translated. */
  readonly code: readonly string[];
}

function outlineOf(markdown: string): Outline {
  const prose = withoutCode(markdown);
  return {
    headingLevels: [...prose.matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length),
    tables: [...prose.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
      table
        .trimEnd()
        .split('\n')
        .map((row) => (/^\| *([^|]*)/.exec(row)?.[1] ?? '').match(/`[^`]+`/g)?.join(' ') ?? ''),
    ),
    code: [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(([, language = '', body = '']) => [
      language,
      ...(language === 'mermaid' ? [] : body.split('\n').map((line) => line.replace(/\s*# .*/, ''))),
    ]),
  };
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '');
}

function linksOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function resolves(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, document) : resolve(root, dirname(document), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(decodeURIComponent(anchor));
}

/** The anchors GitHub gives to headings. */
function anchorsOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
