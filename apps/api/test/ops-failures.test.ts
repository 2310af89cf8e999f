import { type FailureGroups, failureGroups, openaiError } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { accepted, rejected, started } from './events.ts';
import { clientKey, opsKey, type RunningApi, startApi } from './running-api.ts';

const timedOut = { type: 'deadline_passed' } as const;

async function failures(api: RunningApi, query = ''): Promise<FailureGroups> {
  const response = await api.call('GET', `/ops/api/failures${query}`, { key: opsKey });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return failureGroups.strict().parse(await response.json());
}

describe('groups of failures', () => {
  test('say what failed, for whom, since when, and whether a retry is safe', async () => {
    await using api = await startApi();
    const ann = await api.create({}, { 'x-librechat-user-id': 'ann' });
    const bob = await api.create({}, { 'x-librechat-user-id': 'bob' });
    for (const id of [ann, bob]) await api.happen(id, started, rejected);
    const lost = await api.create();
    await api.happen(lost, started, accepted, timedOut);
    const { groups, count, groups_total, complete } = await failures(api);
    expect({ count, groups_total, complete }).toEqual({ count: 3, groups_total: 2, complete: true });
    expect(groups[0]).toMatchObject({
      code: 'provider_auth_failed',
      provider_status: 401,
      kind: null,
      model: 'google/veo-3.1-t2v',
      count: 2,
      owners_total: 2,
      sample_job_ids: [bob, ann],
      retry_safe: true,
      unsafe: 0,
      retryable: true,
    });
    expect(groups[0]?.owners.map(({ owner }) => owner).toSorted()).toEqual(['alice/ann', 'alice/bob']);
    expect(groups[1]).toMatchObject({ code: 'generation_timeout', retry_safe: false, unsafe: 1, retryable: false });
  });

  test('have a trend by the hour, or by the day when the time asked for is long', async () => {
    await using api = await startApi();
    await api.happen(await api.create(), started, rejected);
    const week = await failures(api);
    expect(week.trend_step_seconds).toBe(3_600);
    expect(week.to - week.from).toBe(7 * 86_400);
    expect(week.groups[0]?.trend.at(-1)).toBe(1);
    expect(week.trend_from + (week.groups[0]?.trend.length ?? 0) * 3_600).toBeGreaterThanOrEqual(week.to);
    const month = await failures(api, `?from=${week.to - 30 * 86_400}&to=${week.to}`);
    expect(month.trend_step_seconds).toBe(86_400);
    expect(month.groups[0]?.trend.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect((await failures(api, '?from=0&to=86400')).groups).toEqual([]);
    const unending = await failures(api, '?from=0&to=9999999999');
    expect(unending.groups[0]?.trend.at(-1), 'the newest step is the one that is not over').toBe(1);
  });

  test.each(['?from=10&to=10', '?from=soon', '?to=-1'])('with %s are refused', async (query) => {
    await using api = await startApi();
    const response = await api.call('GET', `/ops/api/failures${query}`, { key: opsKey });
    expect(response.status).toBe(400);
    expect(openaiError.parse(await response.json()).error.code).toBe('invalid_request');
  });

  test.each(['/ops/api/failures', '/ops/api/audit'])('%s is closed to client keys', async (path) => {
    await using api = await startApi();
    expect((await api.call('GET', path, { key: clientKey })).status).toBe(401);
  });
});
