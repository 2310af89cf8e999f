import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { bulkRun, openaiError } from '@video-proxy/contracts';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { expect, test } from 'vitest';
import { opsKey, opsReadKey, type RunningApi, startApi } from './running-api.ts';

interface OperatorRoute {
  readonly method: string;
  readonly path: string;
}

/** Changes nothing by itself: sets a cookie, and previews unless it is told to run. */
const looksAlthoughPosted = ['POST /ops/api/session', 'POST /ops/api/jobs/bulk'];

/** The API, and every route under `/ops/api` that it really has: a new one cannot be forgotten here. */
async function startApiAndListRoutes(): Promise<{ api: RunningApi; routes: readonly OperatorRoute[] }> {
  const routes: OperatorRoute[] = [];
  const note = ({ method, url }: RouteOptions) => {
    if (!url.startsWith('/ops/api/')) return;
    for (const each of [method].flat()) routes.push({ method: each, path: url });
  };
  const follow = (message: unknown) => {
    (message as { readonly fastify: FastifyInstance }).fastify.addHook('onRoute', note);
  };
  subscribe('fastify.initialization', follow);
  try {
    return { api: await startApi(), routes };
  } finally {
    unsubscribe('fastify.initialization', follow);
  }
}

const isReading = ({ method }: OperatorRoute) => method === 'GET' || method === 'HEAD';

test('a key for reading is refused by every route that changes something', async () => {
  const { api, routes } = await startApiAndListRoutes();
  await using _ = api;
  const id = await api.create();
  const changing = routes.filter(
    (route) => !isReading(route) && !looksAlthoughPosted.includes(`${route.method} ${route.path}`),
  );
  expect(changing.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/ops/api/dispatch/pause', '/ops/api/credential/probe', '/ops/api/jobs/:id/retry']),
  );
  for (const { method, path } of changing) {
    const response = await api.call(method, path.replace(':id', id), { key: opsReadKey });
    expect(response.status, `${method} ${path}`).toBe(403);
    expect(openaiError.parse(await response.json()).error.code, `${method} ${path}`).toBe('read_only_key');
  }
  const run = { action: 'cancel', filter: { ids: [id] }, dry_run: false };
  expect((await api.call('POST', '/ops/api/jobs/bulk', { key: opsReadKey, body: run })).status).toBe(403);
  const audit = await api.call('GET', '/ops/api/audit', { key: opsKey });
  expect(await audit.json()).toMatchObject({ data: [] });
});

test('a key for reading opens every route that shows something', async () => {
  const { api, routes } = await startApiAndListRoutes();
  await using _ = api;
  const id = await api.create();
  const body = { action: 'cancel', filter: { ids: [id] } };
  const begun = await api.call('POST', '/ops/api/jobs/bulk', { key: opsKey, body: { ...body, dry_run: false } });
  const run = bulkRun.parse(await begun.json());
  const reading = routes.filter(isReading);
  expect(reading.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/ops/api/overview', '/ops/api/failures', '/ops/api/jobs/:id', '/ops/api/audit']),
  );
  for (const { method, path } of reading) {
    const shown = path.replace(':id', path.startsWith('/ops/api/bulk/') ? run.id : id);
    expect((await api.call(method, shown, { key: opsReadKey })).status, `${method} ${path}`).toBe(200);
  }
  for (const [path, order] of [
    ['/ops/api/session', undefined],
    ['/ops/api/jobs/bulk', body],
  ] as const) {
    expect((await api.call('POST', path, { key: opsReadKey, body: order })).status, path).toBe(200);
  }
});
