import type { CredentialRecord } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { evidence } from './jobs.ts';
import { openTestLedger } from './open-ledger.ts';

function record(known: Partial<CredentialRecord>): CredentialRecord {
  return {
    state: 'ok',
    fingerprint: 'key-1',
    sinceMs: 1_000,
    checkedAtMs: 1_000,
    finding: null,
    evidence: null,
    ...known,
  };
}

test('nothing is known at first', async () => {
  const { ledger } = await openTestLedger();
  expect(await ledger.credential.read()).toBeNull();
});

describe('what was found out about the account', () => {
  test.each<[string, Partial<CredentialRecord>, Partial<CredentialRecord>, 'is taken' | 'is left out']>([
    ['another state, known later', {}, { state: 'rejected', checkedAtMs: 2_000 }, 'is taken'],
    ['another state, known earlier', { checkedAtMs: 2_000 }, { state: 'rejected' }, 'is left out'],
    ['a start with the rejected key', { state: 'rejected' }, { state: 'unchecked', checkedAtMs: null }, 'is left out'],
    [
      'a start with another key',
      { state: 'rejected' },
      { state: 'unchecked', checkedAtMs: null, fingerprint: 'key-2' },
      'is taken',
    ],
    ['a start without a key', {}, { state: 'missing', checkedAtMs: null, fingerprint: null }, 'is taken'],
    ['the first answer about a key', { state: 'unchecked', checkedAtMs: null }, {}, 'is taken'],
  ])('%s', async (_what, before, found, outcome) => {
    const { ledger } = await openTestLedger();
    await ledger.credential.write(record(before));
    const taken = outcome === 'is taken';
    expect(await ledger.credential.write(record(found))).toBe(taken);
    expect(await ledger.credential.read()).toEqual(record(taken ? found : before));
  });

  test('that only confirms the state keeps its beginning and counts as no change', async () => {
    const { ledger } = await openTestLedger();
    await ledger.credential.write(record({}));
    const confirmed = record({ sinceMs: 5_000, checkedAtMs: 5_000, evidence: evidence() });
    expect(await ledger.credential.write(confirmed)).toBe(false);
    expect(await ledger.credential.read()).toEqual({ ...confirmed, sinceMs: 1_000 });
  });
});

test('of many processes that find out the same at once one announces it', async () => {
  const { ledger } = await openTestLedger();
  const writes = Array.from({ length: 10 }, () => ledger.credential.write(record({ state: 'rejected' })));
  expect((await Promise.all(writes)).filter((changed) => changed)).toHaveLength(1);
});

test('the history has every state, newest first', async () => {
  const { ledger } = await openTestLedger();
  const states = ['unchecked', 'rejected', 'ok'] as const;
  for (const [index, state] of states.entries()) {
    await ledger.credential.write(record({ state, checkedAtMs: index === 0 ? null : index, sinceMs: index }));
    await ledger.credential.write(record({ state, checkedAtMs: index === 0 ? null : index + 0.5, sinceMs: index }));
  }
  expect((await ledger.credential.history()).map(({ state }) => state)).toEqual(['ok', 'rejected', 'unchecked']);
});
