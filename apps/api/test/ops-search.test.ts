import { type OperatorJobList, operatorJobList } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { accepted, rejected, rejection, started, wayToCompletion } from './events.ts';
import { clientKey, opsKey, otherKey, type RunningApi, startApi } from './running-api.ts';

async function search(api: RunningApi, conditions: Record<string, string>): Promise<OperatorJobList> {
  const response = await api.call('GET', `/ops/api/jobs?${new URLSearchParams(conditions)}`, { key: opsKey });
  expect(response.status).toBe(200);
  return operatorJobList.strict().parse(await response.json());
}

const found = async (api: RunningApi, conditions: Record<string, string>) =>
  (await search(api, conditions)).data.map(({ id }) => id);

describe('a search of an operator', () => {
  test.each<[string, (id: string) => string, OperatorJobList['matched_by']]>([
    ['the id', (id) => id, 'job_id'],
    ['the id in capital letters', (id) => id.toUpperCase(), 'job_id'],
    ['the client request id', (id) => `${id}.1`, 'client_request_id'],
    ['the request id of the provider', () => rejection.requestId ?? '', 'provider_request_id'],
    ['the id of the request that brought it', () => 'ticket-77', 'request_id'],
  ])('finds a failed job by %s, whatever the other conditions are', async (_what, q, matchedBy) => {
    await using api = await startApi();
    const id = await api.create({}, { 'x-request-id': 'ticket-77' });
    await api.create();
    await api.happen(id, started, rejected);
    const { data, matched_by } = await search(api, { q: q(id), status: 'failed' });
    expect(data.map((job) => job.id)).toEqual([id]);
    expect(matched_by).toBe(matchedBy);
    expect(data[0]).toMatchObject({ owner: 'alice', failure_group: expect.stringMatching(/^[0-9a-f]{12}$/) });
  });

  test('finds a job by its generation id, and one that has not failed by its request id', async () => {
    await using api = await startApi();
    const id = await api.create({}, { 'x-request-id': 'ticket-78' });
    await api.create();
    await api.happen(id, started, accepted);
    expect(await search(api, { q: 'gen-1' })).toMatchObject({ data: [{ id }], matched_by: 'generation_id' });
    expect(await search(api, { q: 'ticket-78' })).toMatchObject({ data: [{ id }], matched_by: 'words', searched: 2 });
  });

  test('finds the jobs of a client, of client/user, and of a user of whatever client', async () => {
    await using api = await startApi();
    const ofAlice = await api.create();
    const ofAnn = await api.create({}, { 'x-librechat-user-id': 'ann b' });
    const response = await api.call('POST', '/v1/jobs', {
      key: otherKey,
      body: { model: 'google/veo-3.1-t2v', prompt: 'ann b in the snow' },
      headers: { 'x-librechat-user-id': 'ann b' },
    });
    const ofOtherAnn = ((await response.json()) as { id: string }).id;
    expect(await found(api, { q: 'alice' })).toEqual([ofAnn, ofAlice]);
    expect(await found(api, { q: 'alice/ann%20b' })).toEqual([ofAnn]);
    expect(await search(api, { q: 'ann b' })).toMatchObject({ matched_by: 'owner' });
    expect(await found(api, { q: 'ann b' })).toEqual([ofOtherAnn, ofAnn]);
    expect(await found(api, { q: 'ann b', owner: 'alice' })).toEqual([ofAnn]);
    expect(await found(api, { q: '"ann b"' })).toEqual([ofOtherAnn]);
  });

  test('finds words of prompts, and says how many jobs it looked at', async () => {
    await using api = await startApi();
    const id = await api.create({ prompt: 'A slow pan over <b>Lisbon</b>' });
    await api.create({ prompt: 'a fast car' });
    expect(await search(api, { q: 'lisbon slow' })).toMatchObject({
      data: [{ id, prompt: 'A slow pan over <b>Lisbon</b>' }],
      matched_by: 'words',
      searched: 2,
      searched_until: null,
      has_more: false,
    });
    expect(await found(api, { q: 'porto' })).toEqual([]);
  });

  test('keeps to status, phase, code, group, owner, model and time, all at once', async () => {
    await using api = await startApi();
    const failed = await api.create();
    const done = await api.create();
    const waiting = await api.create({ model: 'openai/sora-2-t2v' });
    await api.happen(failed, started, rejected);
    await api.happen(done, ...wayToCompletion(`${done}.mp4`));
    const group = (await search(api, { q: failed })).data[0]?.failure_group ?? '';
    expect(await found(api, {})).toEqual([waiting, done, failed]);
    expect(await found(api, { status: 'completed' })).toEqual([done]);
    expect(await found(api, { phase: 'queued', model: 'openai/sora-2-t2v' })).toEqual([waiting]);
    expect(await found(api, { phase: 'queued', status: 'failed' })).toEqual([]);
    expect(await found(api, { code: 'provider_auth_failed', owner: 'alice', group })).toEqual([failed]);
    expect(await found(api, { group, owner: 'bob' })).toEqual([]);
    const later = String(Math.floor(Date.now() / 1_000) + 60);
    expect(await found(api, { from: later })).toEqual([]);
    expect(await found(api, { to: later, limit: '1' })).toEqual([waiting]);
  });

  test('goes on page by page', async () => {
    await using api = await startApi();
    const ids = [await api.create(), await api.create(), await api.create()];
    const first = await search(api, { limit: '2' });
    const second = await search(api, { limit: '2', after: first.last_id ?? '' });
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.toReversed());
  });

  const milliseconds = String(Date.now());

  test.each([
    '?status=cancelled',
    '?limit=0',
    '?after=x',
    `?q=${'x'.repeat(301)}`,
    `?from=${milliseconds}`,
    '?from=20&to=10',
    '?to=',
    '?from=-1',
    '?stauts=failed',
  ])('with %s is refused', async (query) => {
    await using api = await startApi();
    expect((await api.call('GET', `/ops/api/jobs${query}`, { key: opsKey })).status).toBe(400);
  });

  test('is closed to client keys, and what was looked for is not in the log', async () => {
    await using api = await startApi();
    expect((await api.call('GET', '/ops/api/jobs', { key: clientKey })).status).toBe(401);
    await search(api, { q: 'Mrs Miller' });
    expect(api.logText()).not.toContain('Miller');
  });
});
