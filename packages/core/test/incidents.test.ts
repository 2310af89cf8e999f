import {
  type Attention,
  type AttentionCode,
  afterLook,
  afterTelling,
  type CredentialRecord,
  findingOf,
  type Incident,
  isIncident,
  isToBeTold,
  newIncident,
} from '@video-proxy/core';
import { describe, expect, test } from 'vitest';

const nowMs = 1_000_000;
const item = (code: AttentionCode, severity: Attention['severity'] = 'critical'): Attention => ({
  severity,
  code,
  title: `about ${code}`,
  detail: '',
  action: null,
  sinceMs: null,
  facts: {},
  said: null,
  evidence: null,
});
const incident = (known: Partial<Incident> = {}): Incident => ({
  ...newIncident(item('account_rejected'), nowMs),
  ...known,
});

test('what is critical, and many failures, are worth a message', () => {
  expect(['critical', 'warning', 'info'].map((severity) => isIncident(item('storage', severity as 'info')))).toEqual([
    true,
    false,
    false,
  ]);
  expect(isIncident(item('failure_spike', 'warning'))).toBe(true);
});

describe('an incident', () => {
  test('is told at once, and then not again while it lasts', () => {
    const begun = newIncident(item('account_rejected'), nowMs);
    expect(isToBeTold(begun, nowMs)).toBe(true);
    const told = afterTelling(begun, true, nowMs);
    expect(told).toMatchObject({ state: 'told', sinceMs: nowMs });
    const later = told === null ? null : afterLook(told, 'on', nowMs + 3_600_000);
    expect(later).toMatchObject({ state: 'told', seenMs: nowMs + 3_600_000 });
    expect(later !== null && isToBeTold(later, nowMs + 3_600_000)).toBe(false);
  });

  test('is not written anew by each look that finds it as it was', () => {
    const told = incident({ state: 'told' });
    expect(afterLook(told, 'on', nowMs + 4_999)).toBe(told);
    expect(afterLook(told, 'unknown', nowMs + 60_000)).toBe(told);
  });

  test('that often passes by itself is told when it has lasted for 30 s, and never when it has not', () => {
    const suspected = newIncident(item('no_worker'), nowMs);
    expect(isToBeTold(suspected, nowMs)).toBe(false);
    expect(afterLook(suspected, 'on', nowMs + 29_999)).toMatchObject({ state: 'suspected' });
    expect(afterLook(suspected, 'on', nowMs + 30_000)).toMatchObject({ state: 'begun', sinceMs: nowMs });
    expect(afterLook(suspected, 'off', nowMs + 1_000)).toBeNull();
  });

  test('is over when it has not been seen for ten seconds, and is gone when that was told', () => {
    const told = incident({ state: 'told' });
    expect(afterLook(told, 'off', nowMs + 9_999)).toBe(told);
    const over = afterLook(told, 'off', nowMs + 10_000);
    expect(over).toMatchObject({ state: 'over' });
    expect(over !== null && isToBeTold(over, nowMs)).toBe(true);
    expect(over !== null && afterTelling(over, true, nowMs)).toBeNull();
  });

  test('that comes back before anybody heard of its end goes on silently', () => {
    expect(afterLook(incident({ state: 'over' }), 'on', nowMs)).toMatchObject({ state: 'told' });
  });

  test('that ends before anybody heard of it is forgotten', () => {
    expect(afterLook(incident({ state: 'begun' }), 'off', nowMs)).toBeNull();
  });

  test('is tried five times, with longer and longer pauses, and then counts as told', () => {
    let current: Incident | null = incident();
    const pausesMs = [5_000, 10_000, 20_000, 40_000];
    let atMs = nowMs;
    for (const pauseMs of pausesMs) {
      current = current === null ? null : afterTelling(current, false, atMs);
      expect(current !== null && isToBeTold(current, atMs + pauseMs - 1)).toBe(false);
      atMs += pauseMs;
      expect(current !== null && isToBeTold(current, atMs)).toBe(true);
    }
    expect(current !== null && afterTelling(current, false, atMs)).toMatchObject({ state: 'told', tries: 0 });
    expect(afterTelling(incident({ state: 'over', tries: 4 }), false, atMs)).toBeNull();
  });
});

test('an account is not over its refusal while nobody knows whether a new key is accepted', () => {
  const credential = (state: CredentialRecord['state']): CredentialRecord => ({
    state,
    fingerprint: null,
    sinceMs: 1,
    checkedAtMs: null,
    finding: null,
    evidence: null,
  });
  expect(findingOf('account_rejected', [item('account_rejected')], credential('rejected'))).toBe('on');
  expect(findingOf('account_rejected', [], credential('unchecked'))).toBe('unknown');
  expect(findingOf('account_rejected', [], credential('ok'))).toBe('off');
  expect(findingOf('account_rejected', [], credential('out_of_credits'))).toBe('off');
  expect(findingOf('no_worker', [], credential('unchecked'))).toBe('off');
});
