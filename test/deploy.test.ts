import { startTcpProxy } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { type Installation, startInstallation } from './installation.ts';
import { rollingRestart } from './scenarios/rolling-restart.ts';
import { playAll } from './scenarios/scenario.ts';

const endedInOrder = { code: 0, signal: null };

playAll([rollingRestart]);

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
