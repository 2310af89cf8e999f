import type { Scenario } from './scenario.ts';
import { scenarioChapters } from './words.ts';

/** The tables of docs/sandbox.md, as Markdown. A test keeps the page equal to this. */
export function scenarioTables(): string {
  return scenarioChapters
    .map(({ title, introduction, scenarios }) =>
      [
        `### ${title}`,
        '',
        introduction,
        '',
        '| word | value | what it does | known from |',
        '|---|---|---|---|',
        ...scenarios.map(row),
      ].join('\n'),
    )
    .join('\n\n');
}

function row({ word, value, does, source }: Scenario): string {
  return `| \`${word}\` | ${value ?? ''} | ${does} | ${source} |`;
}
