import { readFileSync } from 'node:fs';
import { eventLines, installationLines } from '@video-proxy/telemetry';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { holds } from './log-lines/holds.ts';
import { leftBehind } from './log-lines/left-behind.ts';
import { openStage, type Stage } from './log-lines/stage.ts';
import { playStory, type Story } from './log-lines/story.ts';
import { ways } from './log-lines/ways.ts';

const independent = [...ways, ...leftBehind];
const stories: readonly Story[] = [...independent, ...holds];

// They wait more than they work.
vi.setConfig({ maxConcurrency: independent.length });

test('docs/operations.md names every event of the log with its level', () => {
  const operations = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
  const [, logs = ''] = operations.split('\n## Logs\n');
  const rows = [...(logs.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| (debug|info|warn|error) \|/gm)];
  const documented = rows.map(([, event, level]) => [event, level]);
  const written = Object.entries({ ...eventLines, ...installationLines });
  expect(documented).toEqual(written.map(([event, [level]]) => [event, level]));
});

test('every event of the log is in a story that is played here', () => {
  const told = (events: readonly string[]) => [...new Set(events)].toSorted();
  expect(told(stories.flatMap(({ lines }) => Object.values(lines).flat()))).toEqual(told(Object.keys(eventLines)));
  expect(told(stories.flatMap(({ everybody = [] }) => everybody))).toEqual(told(Object.keys(installationLines)));
});

describe('each event is one line, with its ids, of real processes:', { timeout: 180_000 }, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  }, 90_000);
  afterAll(() => stage[Symbol.asyncDispose]());

  for (const story of independent) test.concurrent(story.title, () => playStory(story, stage));
  for (const story of holds) test(story.title, () => playStory(story, stage));
});
