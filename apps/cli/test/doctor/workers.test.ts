import type { LiveWorker } from '@video-proxy/ledger';
import { expect, test } from 'vitest';
import { examineWorkers } from '../../src/doctor/checks/workers.ts';

const key = { value: null, fingerprint: null };
const worker = (unrecordedGenerations?: number): LiveWorker => ({
  id: 'w-1',
  version: '1',
  role: 'worker',
  provider: 'sandbox',
  keyFingerprint: null,
  startedAtMs: 1,
  lastBeatMs: 2,
  ...(unrecordedGenerations === undefined ? {} : { unrecordedGenerations }),
});

test.each([
  ['as Redis knows them', { inRedis: [worker(2), worker(), worker(1)], unrecordedByService: null }, 3],
  ['as the service counts them', { inRedis: null, unrecordedByService: 1 }, 1],
])('accepted generations that are in no job are a finding, %s', (_, facts, count) => {
  expect(examineWorkers({ seenByService: 3, key, ...facts })).toMatchObject([
    {
      status: 'warn',
      cause: 'unrecorded_generations',
      finding: expect.stringMatching(new RegExp(`^${count} accepted`)),
    },
  ]);
});

test('live workers that have recorded everything are fine', () => {
  const facts = { seenByService: 2, inRedis: [worker(0), worker()], unrecordedByService: null, key };
  expect(examineWorkers(facts)).toMatchObject([{ status: 'ok', finding: '2 live workers' }]);
});
