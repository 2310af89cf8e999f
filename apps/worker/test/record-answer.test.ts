import type { VideoJob } from '@video-proxy/core';
import { testNamespace } from '@video-proxy/testkit';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { newCounter } from '../src/counter.ts';
import { recordAcceptance } from '../src/record-answer.ts';
import { startWorker } from './running-worker.ts';

function collected() {
  const lines: string[] = [];
  return { lines, log: pino({}, { write: (line: string) => void lines.push(line) }) };
}

const acceptance = { generationId: 'generation-nobody-knows', usage: null };

test('an accepted generation that belongs to no job any more is in a fatal line, and counted', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const known = await worker.write('a kite', { state: 'submitting', submittedAtMs: Date.now() });
  const forgotten: VideoJob = { ...known, id: known.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
  const { lines, log } = collected();
  const unrecordedGenerations = newCounter();
  const parts = { ledger: worker.ledger, log, now: Date.now, unrecordedGenerations };

  await recordAcceptance(parts, forgotten, acceptance);
  expect(unrecordedGenerations.value()).toBe(1);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 60, jobId: forgotten.id, generationId: acceptance.generationId },
  ]);

  await recordAcceptance(parts, known, acceptance);
  expect(unrecordedGenerations.value()).toBe(1);
  expect(lines).toHaveLength(1);
});
