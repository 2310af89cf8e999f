import {
  type Attention,
  attentionOf,
  type CredentialState,
  credentialStates,
  type InstallationFacts,
  noHolds,
} from '@video-proxy/core';
import { describe, expect, test } from 'vitest';

const evidence = {
  name: 'aimlapi',
  statusCode: 401,
  requestId: 'hRNOI9BMsuLeZ76UNdGhS',
  path: '/v2/video/generations',
  timestamp: '2025-12-05T13:46:30.569Z',
  kind: null,
  message: 'This request requires a valid API key.',
  clientRequestId: null,
} as const;

const worker = { provider: 'aimlapi', keyFingerprint: '1f3a9c2e' } as const;

const healthy: InstallationFacts = {
  nowMs: 1_000_000,
  credential: {
    state: 'ok',
    fingerprint: '1f3a9c2e',
    sinceMs: 1_000,
    checkedAtMs: 1_000,
    finding: null,
    evidence: null,
  },
  holds: noHolds,
  workers: [worker],
  waitingJobs: 3,
  unknownSubmissions: 0,
  pollLagMs: 0,
  refusal: null,
  storeFlaws: [],
  storeLoad: { usedMemoryBytes: 1, memoryMaxBytes: 100 },
  storageFinding: null,
  storageSaid: null,
  recent: { minutes: 15, completed: 10, failed: 1 },
};

const codes = (facts: Partial<InstallationFacts>): string[] =>
  attentionOf({ ...healthy, ...facts }).map(({ code }) => code);
const first = (facts: Partial<InstallationFacts>): Attention | undefined => attentionOf({ ...healthy, ...facts })[0];

const inState = (state: CredentialState) => ({ credential: { ...healthy.credential, state, evidence } });
const held = {
  code: 'provider_rate_limited',
  message: 'Too many requests.',
  sinceMs: 5,
  untilMs: 6,
  evidence: null,
  tries: 2,
  refusedAtMs: 5,
  balanceUsd: 0.5,
  doubted: false,
} as const;

test('a healthy installation needs nobody', () => {
  expect(attentionOf(healthy)).toEqual([]);
});

describe('an operator is told', () => {
  test('that the key is refused, in the words of the provider and with its request id, before anything else', () => {
    expect(first({ ...inState('rejected'), holds: { ...noHolds, provider: held } })).toMatchObject({
      severity: 'critical',
      code: 'account_rejected',
      detail: 'The provider rejected the key: 401 This request requires a valid API key.',
      sinceMs: 1_000,
      facts: { provider_request_id: 'hRNOI9BMsuLeZ76UNdGhS', fingerprint: '1f3a9c2e', waiting_jobs: 3 },
      evidence,
    });
  });

  test.each(credentialStates)('about a key that is %s only when it cannot be used', (state) => {
    expect(codes(inState(state))).toEqual(state === 'ok' || state === 'unchecked' ? [] : [`account_${state}`]);
  });

  test.each<[string, Partial<InstallationFacts>]>([
    ['no_worker', { workers: [] }],
    ['keys_differ', { workers: [worker, { ...worker, keyFingerprint: 'ffffffff' }] }],
    ['unrecorded_generations', { workers: [{ ...worker, unrecordedGenerations: 2 }] }],
    ['poll_lag', { pollLagMs: 31_000 }],
    ['redis_memory', { storeLoad: { usedMemoryBytes: 70, memoryMaxBytes: 100 } }],
    ['redis_not_persistent', { storeFlaws: [{ code: 'not_persistent', finding: 'is not', remedy: 'set it' }] }],
    ['store_memory', { refusal: { reason: 'memory', finding: 'full', facts: {}, message: '', retryAfterSeconds: 1 } }],
    ['storage', { storageFinding: 'no space left' }],
    ['provider_limits', { holds: { ...noHolds, provider: held } }],
    ['models_held', { holds: { ...noHolds, models: new Map([['a/model', held]]) } }],
    ['failure_spike', { recent: { minutes: 15, completed: 5, failed: 5 } }],
    ['submissions_unknown', { unknownSubmissions: 1 }],
    ['paused', { holds: { ...noHolds, ops: { ...held, code: 'paused', untilMs: null, by: null } } }],
  ])('%s', (code, facts) => {
    expect(codes(facts)).toEqual([code]);
  });

  test('nothing of a few failures, or of many among far more', () => {
    expect(codes({ recent: { minutes: 15, completed: 0, failed: 4 } })).toEqual([]);
    expect(codes({ recent: { minutes: 15, completed: 100, failed: 50 } })).toEqual([]);
  });

  test('nothing of a pause whose time is over, and of late polls only while somebody could run them', () => {
    const over = { ...held, code: 'paused', untilMs: healthy.nowMs, by: null } as const;
    expect(codes({ holds: { ...noHolds, ops: over } })).toEqual([]);
    expect(codes({ workers: [], pollLagMs: 60_000 })).toEqual(['no_worker']);
  });

  test('the most urgent first', () => {
    const severities = attentionOf({
      ...healthy,
      ...inState('rejected'),
      workers: [],
      unknownSubmissions: 1,
      holds: { ...noHolds, ops: { ...held, code: 'paused', untilMs: null, by: 'ann' } },
    }).map(({ severity }) => severity);
    expect(severities).toEqual(['critical', 'critical', 'warning', 'info']);
  });
});
