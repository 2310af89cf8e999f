import { expect, test } from 'vitest';
import { examineBaseUrl } from '../../src/doctor/checks/base-url.ts';

const causesOf = (address: string | undefined) =>
  examineBaseUrl(address).map(({ status, cause }) => `${status} ${cause}`);

test('the default and a plain origin are right', () => {
  expect(causesOf(undefined)).toEqual(['ok ok']);
  expect(causesOf('https://api.aimlapi.com')).toEqual(['ok ok']);
  expect(causesOf('https://api.aimlapi.com/')).toEqual(['ok ok']);
  expect(causesOf('http://127.0.0.1:4000')).toEqual(['ok ok']);
});

test.each([
  'https://api.aimlapi.com/v1',
  'https://api.aimlapi.com/v2/',
  'https://api.aimlapi.com/v2/video/generations',
])('a version in %s is a warning, because it is left out', (address) => {
  expect(causesOf(address)).toEqual(['warn base_url_version']);
});

test('a path may be right for a gateway', () => {
  expect(causesOf('https://gateway.example/aimlapi')).toEqual(['warn base_url_path']);
});

test.each([
  ['clear text to the real host', 'http://api.aimlapi.com'],
  ['the web site of the provider', 'https://aimlapi.com'],
  ['its documentation', 'https://docs.aimlapi.com'],
  ['a password in the address', 'https://user:secret@api.aimlapi.com'],
  ['a query', 'https://api.aimlapi.com/?key=1'],
  ['no address at all', 'api.aimlapi.com'],
])('%s is a wrong base URL', (_what, address) => {
  const findings = examineBaseUrl(address);
  expect(findings).toEqual([expect.objectContaining({ status: 'fail', cause: 'base_url_wrong' })]);
  expect(JSON.stringify(findings)).not.toContain('secret');
});
