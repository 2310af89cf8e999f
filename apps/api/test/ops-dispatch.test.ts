import { dispatchState, openaiError, videoJobWire } from '@video-proxy/contracts';
import { expect, test } from 'vitest';
import { auditEntries } from './audit-entries.ts';
import { opsKey, opsReadKey, type RunningApi, startApi } from './running-api.ts';

const order = (api: RunningApi, path: 'pause' | 'resume', body?: unknown, key = opsKey) =>
  api.call('POST', `/ops/api/dispatch/${path}`, { key, body, headers: { 'x-operator-name': 'Ann' } });

async function jobOf(api: RunningApi, id: string) {
  return videoJobWire.parse(await (await api.call('GET', `/v1/jobs/${id}`)).json());
}

test('a pause is shown to everybody who waits, with its reason, until operators resume', async () => {
  await using api = await startApi();
  const id = await api.create();
  const paused = await order(api, 'pause', { reason: ' the provider moves ' });
  expect(dispatchState.parse(await paused.json())).toMatchObject({
    paused: { reason: 'the provider moves', by: 'Ann', until: null },
    waiting_jobs: 1,
    hold_max_seconds: 900,
  });
  await expect
    .poll(() => jobOf(api, id))
    .toMatchObject({
      status: 'queued',
      hold: { code: 'paused', message: expect.stringContaining('Reason: the provider moves'), provider: null },
    });
  const resumed = await order(api, 'resume');
  expect(dispatchState.parse(await resumed.json()).paused).toBeNull();
  await expect.poll(async () => (await jobOf(api, id)).hold).toBeNull();
});

test('pausing again changes reason and end, and keeps the beginning', async () => {
  await using api = await startApi();
  const first = dispatchState.parse(await (await order(api, 'pause', { reason: 'one' })).json());
  const until = Math.floor(Date.now() / 1_000) + 60;
  const second = dispatchState.parse(await (await order(api, 'pause', { reason: 'two', until })).json());
  expect(second.paused).toEqual({ reason: 'two', by: 'Ann', since: first.paused?.since, until });
});

test('every order stands in the audit with who gave it, what was there before and after, and what became of it', async () => {
  await using api = await startApi();
  await order(api, 'pause', { reason: 'one' });
  await order(api, 'resume', { reason: 'over' });
  const pause = { reason: 'one', by: 'Ann', since: expect.any(Number), until: null };
  const target = { type: 'dispatch', id: null };
  const operator = { role: 'operator', name: 'Ann', key: expect.stringMatching(/^[0-9a-f]{8}$/) };
  expect(await auditEntries(api)).toMatchObject([
    { action: 'dispatch.pause', target, operator, reason: 'one', outcome: 'done', before: null, after: pause },
    { action: 'dispatch.resume', target, operator, reason: 'over', outcome: 'done', before: pause, after: null },
  ]);
});

test('an end in milliseconds is no pause of fifty thousand years', async () => {
  await using api = await startApi();
  const response = await order(api, 'pause', { reason: 'one', until: Date.now() + 60_000 });
  expect(response.status).toBe(400);
  const { message, param } = openaiError.parse(await response.json()).error;
  expect({ message, param }).toEqual({ message: '"until": must be a time in unix seconds.', param: 'until' });
  expect((await api.ledger.holds.read()).ops).toBeNull();
});

test('what a pause does not know is named, without advice about models', async () => {
  await using api = await startApi();
  const response = await order(api, 'pause', { reason: 'one', minutes: 5 });
  expect(openaiError.parse(await response.json()).error.message).toBe('Unknown field "minutes".');
});

test('a pause that would end in the past is refused, and the audit says so', async () => {
  await using api = await startApi();
  const response = await order(api, 'pause', { reason: 'one', until: 1_700_000_000 });
  expect(response.status).toBe(400);
  expect(openaiError.parse(await response.json()).error.param).toBe('until');
  expect((await api.ledger.holds.read()).ops).toBeNull();
  expect(await auditEntries(api)).toMatchObject([{ action: 'dispatch.pause', outcome: 'refused' }]);
});

test.each([
  undefined,
  {},
  { reason: ' ' },
  { reason: 'x'.repeat(501) },
  { reason: 'x', until: 'soon' },
  { reasons: 'x' },
])('a pause with the body %j is refused, and nothing is paused', async (body) => {
  await using api = await startApi();
  expect((await order(api, 'pause', body)).status).toBe(400);
  expect((await api.ledger.holds.read()).ops).toBeNull();
});

test('who may only look pauses nothing', async () => {
  await using api = await startApi();
  expect((await order(api, 'pause', { reason: 'x' }, opsReadKey)).status).toBe(403);
  expect((await order(api, 'resume', undefined, opsReadKey)).status).toBe(403);
  expect(await auditEntries(api)).toEqual([]);
});

test('a reason is in no line of the log', async () => {
  await using api = await startApi();
  await order(api, 'pause', { reason: 'because of Mrs Miller' });
  expect(api.logText()).toContain('/ops/api/dispatch/pause');
  expect(api.logText()).not.toContain('Miller');
});
