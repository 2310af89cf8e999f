import { auditList, type BulkPreview, bulkPreview, bulkRun, bulkRunList, openaiError } from '@video-proxy/contracts';
import { failure, type VideoJobEvent } from '@video-proxy/core';
import { newVideoJobId } from '@video-proxy/ledger';
import { describe, expect, test } from 'vitest';
import { accepted, lost, notFound, rejected, started } from './events.ts';
import { clientKey, opsKey, type RunningApi, startApi } from './running-api.ts';

const readKey = 'key-of-those-who-look';
const refusedLate: VideoJobEvent = { type: 'generation_failed', failure: failure('provider_error') };

const bulk = (api: RunningApi, body: object, key: string | null = opsKey) =>
  api.call('POST', '/ops/api/jobs/bulk', { key, body });

async function preview(api: RunningApi, body: object): Promise<BulkPreview> {
  const response = await bulk(api, { dry_run: true, ...body });
  expect(response.status).toBe(200);
  return bulkPreview.strict().parse(await response.json());
}

async function run(api: RunningApi, body: object) {
  const response = await bulk(api, { dry_run: false, ...body });
  expect(response.status).toBe(202);
  return bulkRun.strict().parse(await response.json());
}

async function refusal(response: Response) {
  return [response.status, openaiError.parse(await response.json()).error.code];
}

describe('the preview of a bulk action', () => {
  test('says how many jobs, which are unsafe and what it may cost, and changes nothing', async () => {
    await using api = await startApi();
    await api.ledger.holds.notePrice('google/veo-3.1-t2v', 3);
    const safe = await api.create();
    const doubtful = await api.create();
    const priced = await api.create();
    const done = await api.create();
    await api.happen(safe, started, rejected);
    await api.happen(doubtful, started, lost, notFound);
    await api.happen(priced, started, accepted, refusedLate);
    await api.happen(done, { type: 'cancel_requested' });
    const seen = await preview(api, { action: 'retry', filter: { owner: 'alice', status: 'failed' } });
    expect(seen).toMatchObject({
      matched: 4,
      count: 4,
      job_ids: [safe, doubtful, priced, done],
      unsafe: 1,
      estimated_usd: 3 + 3 + 1.95 + 3,
      estimated_unsafe_usd: 3,
      unpriced: 0,
      truncated: false,
    });
    expect(seen.by_code.map(({ code }) => code).toSorted()).toEqual([
      'cancelled',
      'provider_auth_failed',
      'provider_error',
      'submission_unknown',
    ]);
    expect((await api.ledger.jobs.get(safe))?.attempt).toBe(1);
    expect((await api.ledger.audit.list({ limit: 1 })).entries).toEqual([]);
  });

  test('counts only jobs for which the action makes sense, and knows when it cannot name a price', async () => {
    await using api = await startApi();
    const waiting = await api.create();
    const failed = await api.create();
    await api.happen(failed, started, rejected);
    const filter = { owner: 'alice' };
    expect(await preview(api, { action: 'cancel', filter })).toMatchObject({
      matched: 2,
      job_ids: [waiting],
      estimated_usd: 0,
    });
    expect(await preview(api, { action: 'delete', filter })).toMatchObject({ job_ids: [failed] });
    expect(await preview(api, { action: 'recheck', filter })).toMatchObject({ count: 0 });
    expect(await preview(api, { action: 'retry', filter })).toMatchObject({ estimated_usd: null, unpriced: 1 });
    expect(
      await preview(api, { action: 'retry', filter: { ids: [failed, failed, `video_${'0'.repeat(26)}`] } }),
    ).toMatchObject({
      matched: 1,
      job_ids: [failed],
    });
  });

  test('of words is about every job that has them in its prompt, and says how many it has looked through', async () => {
    await using api = await startApi();
    const meant = await Promise.all(
      Array.from({ length: 3 }, (_, index) => api.create({ prompt: `a Paper boat, take ${index}` })),
    );
    const others = await Promise.all(['paper kite', 'boat'].map((prompt) => api.create({ prompt })));
    for (const id of [...meant, ...others]) await api.happen(id, started, rejected);
    const seen = await preview(api, { action: 'retry', filter: { words: 'paper boat', status: 'failed' } });
    expect(seen).toMatchObject({ matched: 3, searched: 5, searched_until: null });
    expect(seen.job_ids.toSorted()).toEqual(meant.toSorted());
    const filter = { status: 'failed', words: 'paper boat' };
    expect(await run(api, { action: 'retry', filter, preview_id: seen.id })).toMatchObject({ total: 3, filter });
    expect(await preview(api, { action: 'retry', filter: { owner: 'alice' } })).toMatchObject({ searched: null });
  });

  test('of words that many prompts have goes on beyond the first two thousand', async () => {
    await using api = await startApi();
    const job = await api.ledger.jobs.get(await api.create({ prompt: 'a paper boat' }));
    if (job === null) throw new Error('no job');
    const copies = Array.from({ length: 2_100 }, () => ({ ...job, id: newVideoJobId(Date.now()) }));
    for (let at = 0; at < copies.length; at += 100) {
      await Promise.all(copies.slice(at, at + 100).map((copy) => api.ledger.jobs.create(copy, null)));
    }
    expect(await preview(api, { action: 'cancel', filter: { words: 'paper boat' } })).toMatchObject({
      matched: 2_101,
      searched: 2_101,
      searched_until: null,
    });
  });

  test.each<[object]>([
    [{ action: 'retry', filter: {} }],
    [{ action: 'retry', filter: { colour: 'red' } }],
    [{ action: 'explode', filter: { owner: 'alice' } }],
    [{ action: 'retry', filter: { owner: 'alice', ids: ['x'] } }],
    [{ action: 'retry' }],
    [{ action: 'retry', filter: { from: Date.now() } }],
    [{ action: 'retry', filter: { to: -1 } }],
  ])('of %j is refused', async (body) => {
    await using api = await startApi();
    expect(await refusal(await bulk(api, body))).toEqual([400, 'invalid_request']);
  });
});

describe('a bulk action', () => {
  test('is about exactly the jobs of its preview, which can be started once, and is in the audit log', async () => {
    await using api = await startApi();
    const first = await api.create();
    await api.happen(first, started, rejected);
    const body = { action: 'retry', filter: { code: 'provider_auth_failed' } };
    const seen = await preview(api, body);
    const second = await api.create();
    await api.happen(second, started, rejected);
    const begun = await run(api, { ...body, preview_id: seen.id, reason: 'mended' });
    expect(begun).toMatchObject({ id: seen.id, state: 'waiting', total: 1, job_ids: [first], reason: 'mended' });
    expect(await refusal(await bulk(api, { ...body, dry_run: false, preview_id: seen.id }))).toEqual([
      404,
      'not_found',
    ]);
    const shown = await (await api.call('GET', `/ops/api/bulk/${seen.id}`, { key: opsKey })).json();
    expect(shown).toEqual(begun);
    const { data } = bulkRunList.parse(await (await api.call('GET', '/ops/api/bulk', { key: opsKey })).json());
    expect(data).toEqual([begun]);
    const log = auditList.parse(await (await api.call('GET', '/ops/api/audit', { key: opsKey })).json());
    expect(log.data).toMatchObject([
      {
        action: 'bulk.retry',
        target: { type: 'bulk', id: seen.id },
        outcome: 'asked',
        reason: 'mended',
        before: { filter: { code: 'provider_auth_failed' }, count: 1, unsafe: 0 },
      },
    ]);
  });

  test('with the preview of another filter is refused: it would change other jobs than those it names', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const seen = await preview(api, { action: 'delete', filter: { status: 'failed' } });
    const other = { action: 'delete', filter: { code: 'content_rejected' }, dry_run: false, preview_id: seen.id };
    expect(await refusal(await bulk(api, other))).toEqual([400, 'invalid_request']);
    expect(await api.ledger.jobs.get(id)).not.toBeNull();
    expect(await run(api, { ...other, filter: { status: 'failed' } })).toMatchObject({ total: 1 });
  });

  test('without a preview is about what the filter finds now', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const { data } = await (await api.call('GET', '/ops/api/failures', { key: opsKey })).json().then((body) => ({
      data: (body as { groups: { id: string }[] }).groups,
    }));
    const begun = await run(api, { action: 'retry', filter: { group: data[0]?.id } });
    expect(begun).toMatchObject({ job_ids: [id], total: 1 });
  });

  test('can be stopped, and the log of both orders says so', async () => {
    await using api = await startApi();
    await api.happen(await api.create(), started, rejected);
    const { id } = await run(api, { action: 'retry', filter: { owner: 'alice' } });
    const stop = () => api.call('POST', `/ops/api/bulk/${id}/stop`, { key: opsKey });
    expect(bulkRun.parse(await (await stop()).json())).toMatchObject({ state: 'stopped', done: 0 });
    expect(await refusal(await stop())).toEqual([409, 'already_ended']);
    const { entries } = await api.ledger.audit.list({ limit: 10 });
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'bulk.stop refused',
      'bulk.stop done',
      'bulk.retry done',
    ]);
  });

  test('needs the full key, its preview does not, and neither is open to clients', async () => {
    await using api = await startApi({ settings: { opsReadKey: readKey } });
    const body = { action: 'retry', filter: { owner: 'alice' } };
    expect((await bulk(api, body, readKey)).status).toBe(200);
    expect(await refusal(await bulk(api, { ...body, dry_run: false }, readKey))).toEqual([403, 'read_only_key']);
    for (const key of [clientKey, null]) expect((await bulk(api, body, key)).status).toBe(401);
    expect(await api.ledger.bulk.next()).toBeNull();
  });

  test('that does not exist is not found, nor a preview as if it ran', async () => {
    await using api = await startApi();
    const { id } = await preview(api, { action: 'retry', filter: { owner: 'alice' } });
    for (const path of [id, 'bulk_x', `bulk_${'0'.repeat(26)}`]) {
      expect((await api.call('GET', `/ops/api/bulk/${path}`, { key: opsKey })).status).toBe(404);
      expect((await api.call('POST', `/ops/api/bulk/${path}/stop`, { key: opsKey })).status).toBe(404);
    }
  });
});
