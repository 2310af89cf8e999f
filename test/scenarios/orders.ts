import type { VideoJobWire } from '@video-proxy/contracts';
import { expect, vi } from 'vitest';
import type { Api, Installation } from '../installation.ts';
import type { Scenario } from './scenario.ts';

const patience = { timeout: 30_000 };

/** What people ask for, and what they may rely on. */
export const orders: readonly Scenario[] = [
  {
    title: 'twenty requests with one idempotency key at the same time are one job and one create',
    async play({ sandbox, startApi, startWorker }) {
      const [first, second] = await Promise.all([startApi(), startApi(), startWorker()]);
      const jobs = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? first : second).create('a kite', { 'idempotency-key': 'one' }),
        ),
      );
      const ids = new Set(jobs.map(({ id }) => id));
      expect(ids.size).toBe(1);
      for (const id of ids) expect((await second.ended(id)).status).toBe('completed');
      expect(sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
    },
  },
  {
    title: 'who asks for many videos does not delay the first one of somebody else',
    settings: { SUBMIT_CONCURRENCY: '1' },
    async play({ sandbox, startApi, startWorker }) {
      const api = await startApi();
      const greedy = [];
      for (let count = 0; count < 6; count += 1) greedy.push(await api.create(`kite ${count}`, of('ann')));
      const modest = await api.create('a balloon', of('bob'));
      expect((await api.read(modest.id, 0, of('bob'))).queue_position).toBe(2);
      await startWorker();
      expect((await api.ended(modest.id, of('bob'))).status).toBe('completed');
      for (const { id } of greedy) expect((await api.ended(id, of('ann'))).status).toBe('completed');
      expect(createdIds(sandbox).slice(0, 2)).toEqual([greedy[0]?.id, modest.id]);
      expect(createdIds(sandbox).filter((id) => id !== modest.id)).toEqual(greedy.map(({ id }) => id));
    },
  },
  {
    title: 'a cancel before a job is sent costs nothing, one after that follows it to its end',
    async play({ sandbox, startApi, startWorker }) {
      const api = await startApi();
      const unsent = await api.create('a kite');
      expect(await order(api, unsent.id, 'cancel')).toMatchObject({ status: 'failed', error: { billed: 'no' } });
      await startWorker();
      const sent = await api.create('a kite [sandbox:slow=3]');
      await vi.waitFor(() => expect(sandbox.control.creates().accepted).toBe(1), patience);
      expect(await order(api, sent.id, 'cancel')).toMatchObject({ status: 'in_progress', phase: 'cancelling' });
      expect(await api.ended(sent.id)).toMatchObject({ error: { code: 'cancelled', billed: 'yes' } });
      expect(createdIds(sandbox)).toEqual([sent.id]);
    },
  },
  {
    title: 'a failed job is tried again as another attempt, and one that may have cost money only with consent',
    settings: { GENERATION_TIMEOUT_SECONDS: '3' },
    async play({ sandbox, startApi, startWorker }) {
      const [api] = await Promise.all([startApi(), startWorker()]);
      const free = await api.create('a kite [sandbox:fails=object]');
      expect(await api.ended(free.id)).toMatchObject({ error: { billed: 'no' } });
      expect(await order(api, free.id, 'retry')).toMatchObject({ id: free.id, attempt: 2, status: 'queued' });
      expect(await api.ended(free.id)).toMatchObject({ attempt: 2, status: 'failed' });

      const costly = await api.create('a kite [sandbox:never]');
      expect(await api.ended(costly.id)).toMatchObject({ error: { code: 'generation_timeout', billed: 'unknown' } });
      expect(await order(api, costly.id, 'retry')).toMatchObject({ error: { code: 'cost_confirmation_required' } });
      expect(await order(api, costly.id, 'retry', { confirm_cost: true })).toMatchObject({ attempt: 2 });
      await api.ended(costly.id);
      const { byClientRequestId } = sandbox.control.creates();
      expect(Object.keys(byClientRequestId)).toHaveLength(4);
      expect(Object.values(byClientRequestId).every(({ received }) => received === 1)).toBe(true);
    },
  },
  {
    title: 'a video that comes after its job was given up completes it, late, when it is looked for',
    settings: { GENERATION_TIMEOUT_SECONDS: '2' },
    async play({ sandbox, startApi, startWorker }) {
      const [api] = await Promise.all([startApi(), startWorker()]);
      const { id } = await api.create('a kite [sandbox:slow=6]');
      expect(await api.ended(id)).toMatchObject({ error: { code: 'generation_timeout' } });
      await vi.waitFor(() => expect(sandbox.control.generations()[0]?.phase).toBe('completed'), patience);
      await order(api, id, 'recheck');
      await vi.waitFor(
        async () => expect(await api.read(id)).toMatchObject({ status: 'completed', late: true }),
        patience,
      );
      expect(sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
    },
  },
];

const of = (user: string) => ({ 'x-librechat-user-id': user });

async function order(api: Api, id: string, what: string, body: object = {}): Promise<VideoJobWire> {
  const response = await fetch(`${api.url}/v1/jobs/${id}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as VideoJobWire;
}

/** The jobs in the order in which the provider got their requests. */
function createdIds({ control }: Installation['sandbox']): string[] {
  const requestIds = control.requests().filter(({ kind }) => kind === 'create');
  return requestIds.map(({ headers }) => (headers['x-client-request-id'] ?? '').replace(/\.\d+$/, ''));
}
