import { type AuditList, auditList } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { openAudit } from '../src/audit.ts';
import { accepted, lost, notFound, rejected, started } from './events.ts';
import { opsKey, type RunningApi, startApi } from './running-api.ts';

async function audit(api: RunningApi, query = ''): Promise<AuditList> {
  return auditList.strict().parse(await (await api.call('GET', `/ops/api/audit${query}`, { key: opsKey })).json());
}

const order = (api: RunningApi, method: string, path: string, body: unknown = {}, headers = {}) =>
  api.call(method, `/ops/api/jobs/${path}`, { key: opsKey, body, headers });

describe('the audit log', () => {
  test('says who ordered what, why, and what was there before and after', async () => {
    await using api = await startApi();
    const id = await api.create({ prompt: 'a secret surprise' });
    await api.happen(id, started, rejected);
    const headers = { 'x-operator-name': 'Kim', 'x-request-id': 'ticket-12' };
    await order(api, 'POST', `${id}/retry`, { reason: 'the key is mended' }, headers);
    const { data } = await audit(api);
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      operator: { role: 'operator', name: 'Kim' },
      action: 'job.retry',
      target: { type: 'job', id },
      reason: 'the key is mended',
      outcome: 'done',
      message: null,
      before: { phase: 'failed', attempt: 1, code: 'provider_auth_failed', maybe_billed: false },
      after: { phase: 'queued', attempt: 2 },
      request_id: 'ticket-12',
    });
    expect(data[0]?.operator.key).toMatch(/^[0-9a-f]{8}$/);
    expect(JSON.stringify(data)).not.toMatch(/secret surprise|key-of/);
  });

  test('has an entry of every kind of order, also of a refused one', async () => {
    await using api = await startApi();
    const waiting = await api.create();
    const doubtful = await api.create();
    const timedOut = await api.create();
    await api.happen(doubtful, started, lost, notFound);
    await api.happen(timedOut, started, accepted, { type: 'deadline_passed' });
    await order(api, 'POST', `${waiting}/cancel`);
    await order(api, 'DELETE', waiting);
    await order(api, 'POST', `${doubtful}/retry`);
    await order(api, 'POST', `${timedOut}/recheck`);
    const { data } = await audit(api);
    expect(data.map(({ action, outcome, after }) => [action, outcome, after === null])).toEqual([
      ['job.recheck', 'done', false],
      ['job.retry', 'refused', true],
      ['job.delete', 'done', true],
      ['job.cancel', 'done', false],
    ]);
    expect(data[1]?.message).toContain('may have been billed');
    expect((await audit(api, `?target=${waiting}`)).data).toHaveLength(2);
  });

  test('is read page by page', async () => {
    await using api = await startApi();
    const ids = [await api.create(), await api.create(), await api.create()];
    for (const id of ids) await order(api, 'POST', `${id}/cancel`);
    const first = await audit(api, '?limit=2');
    expect(first).toMatchObject({ has_more: true });
    const second = await audit(api, `?limit=2&after=${first.last_id}`);
    expect(second).toMatchObject({ has_more: false });
    expect([...first.data, ...second.data].map(({ target }) => target.id)).toEqual(ids.toReversed());
  });

  test('has an order before anything changes, and says so of one that broke off', async () => {
    await using api = await startApi();
    const { carryOut } = openAudit({ ledger: api.ledger, now: Date.now });
    const operator = { role: 'operator', key: null, name: null } as const;
    const about = { action: 'dispatch.pause', target: { type: 'dispatch', id: null } } as const;
    const asked = { operator, ...about, reason: null, requestId: 'req_1', before: null };
    const broken = carryOut(asked, async () => {
      expect((await audit(api)).data).toMatchObject([
        { action: 'dispatch.pause', outcome: 'asked', finished_at: null },
      ]);
      throw new Error('secret detail');
    });
    await expect(broken).rejects.toThrow('secret detail');
    const { data } = await audit(api);
    expect(data).toMatchObject([{ outcome: 'failed' }]);
    expect(JSON.stringify(data)).not.toContain('secret detail');
  });

  test('is not added to by an order about a job that does not exist', async () => {
    await using api = await startApi();
    expect((await order(api, 'POST', `video_${'0'.repeat(26)}/cancel`)).status).toBe(404);
    expect((await audit(api)).data).toEqual([]);
  });
});
