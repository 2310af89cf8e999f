import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { openaiError } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { clientKey, newJob, otherKey, type RunningApi, startApi } from './running-api.ts';

/** A request with headers that `fetch` would not let through, `Host` above all. */
function raw(api: RunningApi, headers: Record<string, string>, path = '/v1/jobs') {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    request(api.url + path, { headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}

const withoutKeys = { clientKeys: new Map<string, string>() };

describe('with client keys', () => {
  test('each key opens the jobs of its own client', async () => {
    await using api = await startApi();
    const id = await api.create();
    expect((await api.call('GET', `/v1/jobs/${id}`)).status).toBe(200);
    expect((await api.call('GET', `/v1/jobs/${id}`, { key: otherKey })).status).toBe(404);
    expect((await api.ledger.jobs.get(id))?.owner).toBe('alice');
  });

  test.each([
    ['no key', {}, 'missing_api_key', 'Bearer realm="video-proxy"'],
    [
      'a wrong key',
      { authorization: 'Bearer nope' },
      'invalid_api_key',
      'Bearer realm="video-proxy", error="invalid_token"',
    ],
    ['a part of a key', { authorization: `Bearer ${clientKey.slice(0, -1)}` }, 'invalid_api_key', /invalid_token/],
    ['the name instead of the key', { authorization: 'Bearer alice' }, 'invalid_api_key', /invalid_token/],
    ['another scheme', { authorization: `Basic ${clientKey}` }, 'missing_api_key', /Bearer/],
    ['the key in another header', { 'x-api-key': clientKey }, 'missing_api_key', /Bearer/],
  ] as const)('%s is 401, also from this machine', async (_name, headers, code, challenge) => {
    await using api = await startApi();
    const response = await api.call('POST', '/v1/jobs', { body: newJob, key: null, headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(challenge);
    expect(openaiError.parse(await response.json()).error.code).toBe(code);
    expect((await api.ledger.jobs.list({ owner: 'alice', limit: 1 })).jobs).toEqual([]);
  });

  test('the scheme may be written in any case', async () => {
    await using api = await startApi();
    const headers = { authorization: `bearer  ${clientKey}` };
    expect((await api.call('GET', '/v1/jobs', { key: null, headers })).status).toBe(200);
  });

  test('a body without a key is not even read', async () => {
    await using api = await startApi();
    const response = await api.call('POST', '/v1/jobs', { body: '{broken', key: null });
    expect(response.status).toBe(401);
  });

  test.each(['/', '/healthz', '/readyz', '/openapi.json', '/docs/'])('%s is open to everybody', async (path) => {
    await using api = await startApi();
    expect((await api.call('GET', path, { key: null })).status).toBe(200);
  });
});

describe('without client keys', () => {
  test('programs on this machine are served, with or without some key', async () => {
    await using api = await startApi({ settings: withoutKeys });
    const response = await api.call('POST', '/v1/jobs', { body: newJob, key: null });
    expect(response.status).toBe(202);
    expect((await api.call('GET', '/v1/jobs', { key: 'whatever an SDK insists on' })).status).toBe(200);
  });

  test.each(['localhost', 'LOCALHOST:8080', 'video.localhost:1', '127.0.0.1:8080', '127.8.8.8', '[::1]:8080'])(
    'the host %s is this machine',
    async (host) => {
      await using api = await startApi({ settings: withoutKeys });
      expect((await raw(api, { host })).status).toBe(200);
    },
  );

  test.each([
    ['a public host', { host: 'videos.example' }],
    ['a host that begins like this machine', { host: 'localhost.evil.example' }],
    ['a host that begins like a loopback address', { host: '127.0.0.1.evil.example' }],
    ['another address of this machine', { host: '192.168.1.5:8080' }],
    ['X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
    ['X-Forwarded-Host', { 'x-forwarded-host': 'localhost' }],
    ['X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
    ['Forwarded', { forwarded: 'for=127.0.0.1' }],
    ['X-Real-IP', { 'x-real-ip': '127.0.0.1' }],
    ['Via', { via: '1.1 proxy' }],
    ['CF-Connecting-IP', { 'cf-connecting-ip': '127.0.0.1' }],
    ['a web page of somebody else', { origin: 'https://evil.example' }],
    ['a sandboxed web page', { origin: 'null' }],
    ['an image in a foreign web page', { 'sec-fetch-site': 'cross-site' }],
  ])('%s is not a program on this machine', async (_name, headers) => {
    await using api = await startApi({ settings: withoutKeys });
    const { status, body } = await raw(api, headers);
    expect(status).toBe(401);
    expect(openaiError.parse(JSON.parse(body)).error.message).toContain('CLIENT_KEYS');
  });

  test('nobody is served in production, and the answer says what to set', async () => {
    await using api = await startApi({ settings: { ...withoutKeys, production: true } });
    const response = await api.call('GET', '/v1/jobs', { key: null });
    expect(response.status).toBe(401);
    expect(openaiError.parse(await response.json()).error.message).toContain('CLIENT_KEYS=name=key');
  });
});

describe('a web page', () => {
  test('with a key may call from anywhere', async () => {
    await using api = await startApi();
    const origin = 'https://app.example';
    const preflight = await api.call('OPTIONS', '/v1/jobs', {
      key: null,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    const response = await api.call('POST', '/v1/jobs', { body: newJob, headers: { origin } });
    expect(response.status).toBe(202);
    expect(response.headers.get('access-control-expose-headers')).toContain('location');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
