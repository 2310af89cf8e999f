import type { VideoJobWire } from '@video-proxy/contracts';
import { startTcpProxy } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';

const endedInOrder = { code: 0, signal: null };

/** What a deploy looks like from outside: whoever is asked and does not answer the connection, another one is. */
function balancer(apis: Api[]) {
  const statuses = new Map<number, number>();
  let turn = 0;

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    for (;;) {
      turn += 1;
      const api = apis[turn % apis.length];
      if (api === undefined) throw new Error('nobody is up');
      const response = await fetch(api.url + path, init).catch(() => null);
      if (response === null) continue;
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status !== 503) return response;
      await response.body?.cancel();
    }
  }
  return { send, statuses };
}

/** Wants one video after the other, the way a client does that repeats itself safely. */
async function client(name: string, { send }: ReturnType<typeof balancer>, goesOn: () => boolean): Promise<string[]> {
  const ids: string[] = [];
  while (goesOn()) {
    const key = `${name}-${ids.length}`;
    const response = await send('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        model: 'google/veo-3.1-t2v',
        prompt: `${key} [sandbox:answer-delay=1, slow=1]`,
        parameters: { duration: 4 },
      }),
    });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as VideoJobWire;
    ids.push(id);
    expect((await send(`/v1/jobs/${id}?wait_seconds=1`)).status).toBe(200);
    expect((await send('/v1/jobs?limit=5')).status).toBe(200);
  }
  return ids;
}

test('a rolling restart under load loses nothing, pays for nothing twice and answers nobody with an error', {
  timeout: 90_000,
}, async () => {
  await using installation = await startInstallation({ SUBMIT_CONCURRENCY: '10', STORE_CONCURRENCY: '4' });
  const apis = await Promise.all([installation.startApi(), installation.startApi()]);
  const workers = await Promise.all([installation.startWorker(), installation.startWorker()]);
  const entrance = balancer(apis);
  let isDeploying = true;
  const clients = ['ann', 'bob', 'cy', 'dan', 'eve', 'fay'].map((name) => client(name, entrance, () => isDeploying));

  for (const place of [0, 1]) {
    // The old API stays in the list until it is gone: a balancer hears of a deploy later than the process.
    await Promise.all([
      apis[place]?.process
        .close()
        .then((exit) => expect(exit).toEqual(endedInOrder))
        .then(async () => {
          apis[place] = await installation.startApi();
        }),
      workers[place]
        ?.close()
        .then((exit) => expect(exit).toEqual(endedInOrder))
        .then(() => installation.startWorker()),
    ]);
  }
  isDeploying = false;

  const ids = (await Promise.all(clients)).flat();
  expect(new Set(ids).size).toBe(ids.length);
  const [api] = apis;
  const ends = await Promise.all(ids.map((id) => api?.ended(id)));
  expect(ends.filter((job) => job?.status !== 'completed')).toEqual([]);
  expect(installation.sandbox.control.creates()).toMatchObject({ received: ids.length, accepted: ids.length });
  expect([...entrance.statuses.keys()].filter((status) => status >= 400 && status !== 503)).toEqual([]);
});

describe('asked to end, both processes do so within ten seconds', { timeout: 60_000 }, () => {
  test('while the provider, a download and their clients take their time; nothing is lost or sent again', async () => {
    await using installation = await startInstallation();
    const { control } = installation.sandbox;
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    control.script('download', 'file-stall', 1);
    const stalled = await api.create('a download that stands still');
    await control.waitForRequest(({ kind }) => kind === 'download', 15_000);
    const pollsBefore = pollsOf(control);
    control.script('poll', 'hang', 1);
    const hanging = await api.create('a poll that is not answered');
    await expect.poll(() => pollsOf(control)).toBeGreaterThan(pollsBefore);
    const slow = await api.create('[sandbox:answer-delay=3]');
    await expect.poll(() => control.creates().received).toBe(3);
    // In this order: when the stream has begun, the request that waits has been read too. One that has not is cut.
    const waiting = fetch(`${api.url}/v1/jobs/${slow.id}?wait_seconds=50`);
    const events = await fetch(`${api.url}/v1/jobs/${slow.id}/events`);

    expect(await Promise.all([api.process.close(), worker.close()])).toEqual([endedInOrder, endedInOrder]);
    expect((await waiting).status, 'who waits gets an answer').toBe(200);
    expect(await events.text(), 'and a stream its end').toContain('event: created');

    const [next] = await Promise.all([installation.startApi(), installation.startWorker()]);
    for (const { id } of [stalled, hanging, slow]) expect((await next.ended(id)).status).toBe('completed');
    expect(control.creates()).toMatchObject({ received: 3, accepted: 3 });
  });

  test('while Redis hangs, an answer waits to be written down and a client reads a video slowly', async () => {
    await using installation = await startInstallation();
    await using proxy = await startTcpProxy({ target: installation.redis.url });
    const behindProxy = { REDIS_URL: proxy.url };
    const [api, worker] = await Promise.all([
      installation.startApi(behindProxy),
      installation.startWorker(behindProxy),
    ]);
    const { video } = await api.ended((await api.create('[sandbox:size=20mb]')).id);
    const { id } = await api.create('[sandbox:answer-delay=2]');
    await expect.poll(() => installation.sandbox.control.creates().received).toBe(2);
    // Neither is read: they are as open as they can be.
    await Promise.all([fetch(video?.url ?? ''), fetch(`${api.url}/v1/jobs/${id}/events`)]);
    proxy.pause();
    expect(await Promise.all([api.process.close(), worker.close()])).toEqual([endedInOrder, endedInOrder]);
  });
});

function pollsOf({ requests }: Installation['sandbox']['control']): number {
  return requests().filter(({ kind }) => kind === 'poll').length;
}
