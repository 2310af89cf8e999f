import { type CredentialRecord, type CredentialState, type KeyHolding, remediesFor } from '@video-proxy/core';
import { expect, test } from 'vitest';

const record = (state: CredentialState): CredentialRecord => ({
  state,
  fingerprint: '1f3a9c2e',
  sinceMs: 1,
  checkedAtMs: null,
  finding: null,
  evidence: null,
});
const inEnvironment: KeyHolding = { source: 'environment', keysDiffer: false };

const codes = (state: CredentialState, holding = inEnvironment) =>
  remediesFor(record(state), holding).map(({ code }) => code);

test.each<[CredentialState, string[]]>([
  ['ok', []],
  ['unchecked', ['probe']],
  ['missing', ['create_key', 'set_key', 'probe']],
  ['malformed', ['correct_key', 'set_key', 'probe']],
  ['rejected', ['compare_key', 'create_key', 'set_key', 'probe', 'ask_support']],
  ['out_of_credits', ['top_up', 'probe']],
  ['unverified', ['verify', 'probe']],
])('what to do about an account that is %s, in order', (state, expected) => {
  expect(codes(state)).toEqual(expected);
});

test('a key in a file is written there and read anew, without a restart', () => {
  expect(codes('rejected', { source: 'file', keysDiffer: false })).toContain('write_key_file');
  expect(codes('rejected', { source: 'file', keysDiffer: false })).not.toContain('set_key');
});

test('workers that hold different keys are restarted, also while the account is good', () => {
  expect(codes('ok', { source: 'environment', keysDiffer: true })).toEqual(['restart_all']);
});
