import { expect, test } from 'vitest';
import { clientKey, opsKey, opsReadKey, type RunningApi, startApi } from './running-api.ts';

async function cookieOf(api: RunningApi): Promise<string> {
  const session = await api.call('POST', '/ops/api/session', { key: opsReadKey });
  return (session.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

test('the queues beneath are shown to operators: to a browser by its cookie, to a program by its key', async () => {
  await using api = await startApi();
  const cookie = await cookieOf(api);
  const page = await api.call('GET', '/ops/queues', { key: null, headers: { cookie } });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).not.toMatch(/(src|href)="https?:/);
  for (const key of [opsKey, opsReadKey]) expect((await api.call('GET', '/ops/queues/', { key })).status).toBe(200);
  expect((await api.call('GET', '/ops/queues', { key: clientKey })).status).toBe(401);
  const stranger = await api.call('GET', '/ops/queues', { key: null });
  expect(stranger.status).toBe(401);
  expect(await stranger.text()).toContain('/ops');
});

test('without an operator key it is open to this machine alone', async () => {
  await using api = await startApi({ settings: { opsKey: null, opsReadKey: null } });
  expect((await api.call('GET', '/ops/queues', { key: null })).status).toBe(200);
  const forwarded = await api.call('GET', '/ops/queues', { key: null, headers: { 'x-forwarded-for': '127.0.0.1' } });
  expect(forwarded.status).toBe(401);
});

test('its scripts and styles come from here', async () => {
  await using api = await startApi();
  const cookie = await cookieOf(api);
  const get = (path: string) => api.call('GET', path, { key: null, headers: { cookie } });
  const page = await (await get('/ops/queues')).text();
  expect(page).toContain('<base href="/ops/queues/"');
  const paths = [...page.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => path);
  expect(paths.length).toBeGreaterThan(2);
  for (const path of paths) expect((await get(`/ops/queues/${path}`)).status).toBe(200);
});

test('every step has its queue there, and what it shows of a job is ids', async () => {
  await using api = await startApi();
  const id = await api.create({ prompt: 'a secret wish' });
  await expect.poll(async () => (await api.steps.counts()).submit.waiting).toBe(1);
  const response = await api.call('GET', '/ops/queues/api/queues?activeQueue=submit&status=waiting&page=1', {
    key: opsReadKey,
  });
  const text = await response.text();
  const { queues } = JSON.parse(text) as { queues: { name: string; readOnlyMode: boolean }[] };
  expect(queues.map(({ name }) => name).toSorted()).toEqual(Object.keys(await api.steps.counts()).toSorted());
  expect(queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
  expect(text).toContain(id);
  expect(text).not.toContain('secret wish');
});

test.each(['PUT', 'POST', 'PATCH', 'DELETE'])(
  'nothing can be changed through it: %s has no route, whatever the key',
  async (method) => {
    await using api = await startApi();
    await api.create();
    await expect.poll(async () => (await api.steps.counts()).submit.waiting).toBe(1);
    for (const path of ['/ops/queues/api/queues/submit/pause', '/ops/queues/api/queues/submit/empty', '/ops/queues']) {
      expect([404, 405]).toContain((await api.call(method, path, { key: opsKey })).status);
    }
    expect((await api.steps.counts()).submit.waiting).toBe(1);
  },
);
