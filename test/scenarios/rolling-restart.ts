import type { VideoJobWire } from '@video-proxy/contracts';
import { expect } from 'vitest';
import type { Api } from '../installation.ts';
import type { Scenario } from './scenario.ts';

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

export const rollingRestart: Scenario = {
  title: 'a rolling restart under load loses nothing, pays for nothing twice and answers nobody with an error',
  settings: { SUBMIT_CONCURRENCY: '10', STORE_CONCURRENCY: '4' },
  async play(installation) {
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
  },
};
