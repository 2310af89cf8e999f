import { openaiError, operatorSession } from '@video-proxy/contracts';
import { expect, test } from 'vitest';
import { auditEntries } from './audit-entries.ts';
import { clientKey, opsKey, opsReadKey, startApi } from './running-api.ts';

const unknownJob = `/ops/api/jobs/video_${'0'.repeat(26)}`;

const codeOf = async (response: Response) => openaiError.parse(await response.json()).error.code;

test('a session says what its key allows', async () => {
  await using api = await startApi();
  for (const [key, role] of [
    [opsKey, 'operator'],
    [opsReadKey, 'operator_read'],
  ] as const) {
    const response = await api.call('GET', '/ops/api/session', { key });
    expect(operatorSession.parse(await response.json())).toMatchObject({ role, authentication: 'key' });
    expect(response.headers.get('set-cookie')).toBeNull();
  }
  for (const key of [clientKey, null]) expect((await api.call('GET', '/ops/api/session', { key })).status).toBe(401);
});

test('while no operator key is configured, a program on this machine is an operator', async () => {
  await using api = await startApi({ settings: { opsKey: null, opsReadKey: null } });
  const response = await api.call('POST', '/ops/api/session', { key: null });
  expect(operatorSession.parse(await response.json())).toMatchObject({ role: 'operator', authentication: 'loopback' });
  expect(response.headers.get('set-cookie')).toBeNull();
});

test.each([
  ['Ada 小林', encodeURIComponent('Ada 小林')],
  ['100% Ada', '100% Ada'],
])('a name comes through as it was meant: %s', async (name, sent) => {
  await using api = await startApi();
  const headers = { 'x-operator-name': sent };
  await api.call('POST', '/ops/api/dispatch/pause', { key: opsKey, body: { reason: 'x' }, headers });
  expect((await auditEntries(api)).map(({ operator }) => operator.name)).toEqual([name]);
});

test('a key for reading opens what shows, and is told why it does not open what changes', async () => {
  await using api = await startApi();
  expect((await api.call('GET', unknownJob, { key: opsReadKey })).status).toBe(404);
  for (const [method, order] of [
    ['POST', '/cancel'],
    ['POST', '/retry'],
    ['POST', '/recheck'],
    ['DELETE', ''],
  ] as const) {
    const response = await api.call(method, `${unknownJob}${order}`, { key: opsReadKey });
    expect(response.status).toBe(403);
    const { code, message } = openaiError.parse(await response.json()).error;
    expect(code).toBe('read_only_key');
    expect(message).toContain('OPS_KEY');
  }
});

test('with a key for reading alone, this machine may still change things, and that key may not', async () => {
  await using api = await startApi({ settings: { opsKey: null } });
  expect((await api.call('POST', `${unknownJob}/cancel`, { key: null })).status).toBe(404);
  expect((await api.call('POST', `${unknownJob}/cancel`, { key: opsReadKey })).status).toBe(403);
});

test('an address that shows many wrong keys has to wait, whatever it shows then; others do not', async () => {
  await using api = await startApi();
  const from = (address: string, key: string) =>
    api.call('GET', '/ops/api/session', { key, headers: { 'x-forwarded-for': address } });
  for (let tries = 0; tries < 10; tries += 1) expect((await from('203.0.113.7', `guess-${tries}`)).status).toBe(401);
  const refused = await from('203.0.113.7', opsKey);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await codeOf(refused)).toBe('too_many_wrong_keys');
  expect((await from('203.0.113.8', opsKey)).status).toBe(200);
});

test('the same wrong key again and again keeps nobody out: pages left open after a change of the key show it for hours', async () => {
  await using api = await startApi();
  const session = (key: string) => api.call('GET', '/ops/api/session', { key });
  for (let tries = 0; tries < 25; tries += 1) expect((await session('the-key-of-yesterday')).status).toBe(401);
  expect((await session(opsKey)).status).toBe(200);
});

test('a session that is posted gets a cookie for the pages that only show, which scripts cannot read', async () => {
  await using api = await startApi();
  const response = await api.call('POST', '/ops/api/session', { key: opsReadKey });
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(
    /^video_proxy_ops=operator_read\.\d+\.[\w-]+; Path=\/ops\/queues; Max-Age=3600; HttpOnly; SameSite=Strict$/,
  );
  const secure = await api.call('POST', '/ops/api/session', { key: opsKey, headers: { 'x-forwarded-proto': 'https' } });
  expect(secure.headers.get('set-cookie')).toMatch(/; Secure$/);
});

test('the cookie opens no route of the API', async () => {
  await using api = await startApi();
  const session = await api.call('POST', '/ops/api/session', { key: opsKey });
  const [cookie = ''] = (session.headers.get('set-cookie') ?? '').split(';');
  expect((await api.call('GET', '/ops/api/session', { key: null, headers: { cookie } })).status).toBe(401);
});
