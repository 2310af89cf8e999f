import { readFileSync } from 'node:fs';
import { apiSettings, readSettings, sharedSettings, workerSettings } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';

const shape = { ...sharedSettings, ...apiSettings, ...workerSettings };
const names = Object.keys(shape).toSorted();
const untouched = readSettings(shape, {});
const defaults: Record<string, unknown> = untouched.kind === 'valid' ? untouched.settings : {};

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('.env.example', () => {
  const entries = [...read('.env.example').matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );

  test('names every setting once and no other', () => {
    expect(entries.map(([name]) => name).toSorted()).toEqual(names);
  });

  test('shows the defaults that the code has', () => {
    expect(Object.fromEntries(entries)).toEqual(
      Object.fromEntries(names.map((name) => [name, String(defaults[name] ?? '')])),
    );
  });

  test('sets nothing when it is copied as it is', () => {
    const set = [...read('.env.example').matchAll(/^[A-Z0-9_]+=(.+)$/gm)];
    expect(set).toEqual([]);
  });
});

describe.each(['README.md', 'README.zh-CN.md'])('the settings table of %s', (path) => {
  // A row may explain several names, their defaults in the same order: | `A`, `B` | `1`, `2` | … |
  const rows = [...read(path).matchAll(/^\| (`[A-Z][A-Z0-9_]+`[^|]*) \| ([^|]*) \|/gm)].map(
    ([, first = '', second = '']) => ({
      names: codeSpans(first),
      defaults: codeSpans(second),
    }),
  );

  test('names every setting once and no other', () => {
    expect(rows.flatMap((row) => row.names).toSorted()).toEqual(names);
  });

  test('shows the defaults that the code has', () => {
    const wrong = rows
      .flatMap((row) => row.names.map((name, index) => ({ name, shown: row.defaults[index] })))
      .filter(({ name, shown }) => defaults[name] !== undefined && shown !== String(defaults[name]));
    expect(wrong).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  const compose = read('docker-compose.yml');

  test.each([
    ['api', { ...sharedSettings, ...apiSettings }],
    ['worker', { ...sharedSettings, ...workerSettings }],
  ])('passes every setting of the %s on', (service, settings) => {
    const blocks = [sectionOf(compose, 'x-settings: &settings', ''), sectionOf(compose, `${service}:`, '  ')];
    const passed = blocks.flatMap((block) => [...block.matchAll(/^ +([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name));
    expect(passed.toSorted()).toEqual(Object.keys(settings).toSorted());
  });

  test('holds no secret', () => {
    expect(compose).not.toMatch(/(KEY|KEYS|PASSWORD|SECRET)(_FILE)?: *\S/);
  });
});

function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The lines of a YAML block, from its head to the next line that is not deeper. */
function sectionOf(yaml: string, head: string, indent: string): string {
  const lines = yaml.split('\n');
  const from = lines.indexOf(`${indent}${head}`);
  const length = lines.slice(from + 1).findIndex((line) => line !== '' && !line.startsWith(`${indent} `));
  return lines.slice(from, from + 1 + length).join('\n');
}
