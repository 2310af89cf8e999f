import { failure, type Lifecycle, type StoredVideo, type VideoJob, type VideoJobEvent } from '@video-proxy/core';
import { sandboxApiKey } from '@video-proxy/sandbox';
import { testNamespace } from '@video-proxy/testkit';
import { expect, test, vi } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

const dayMs = 24 * 3_600_000;

/** A generation that is finished at the provider, in a job whose file is still to come. */
async function storing(
  { sandbox, write }: RunningWorker,
  words: string,
  known: { generatedAtMs?: number; sourceUrl?: string } = {},
) {
  const address = `${sandbox.url}/v2/video/generations`;
  const headers = { authorization: `Bearer ${sandboxApiKey}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ model: 'google/veo-3.1-t2v', prompt: `a kite [sandbox:${words}]` });
  const { id } = (await (await fetch(address, { method: 'POST', headers, body })).json()) as { id: string };
  const linkOf = async () => {
    const answer = await fetch(`${address}?generation_id=${encodeURIComponent(id)}`, { headers });
    const { video } = (await answer.json()) as { video?: { url: string } | null };
    if (!video) throw new Error('not finished');
    return video.url;
  };
  const sourceUrl = await vi.waitFor(linkOf, { timeout: 10_000, interval: 100 });
  const nowMs = Date.now();
  const lifecycle: Lifecycle = {
    state: 'storing',
    submittedAtMs: nowMs,
    generationId: id,
    usage: null,
    sourceUrl,
    generatedAtMs: nowMs,
    ...known,
  };
  return write('a kite', lifecycle);
}

const stepOf = ({ id }: VideoJob) => ({ jobId: id, attempt: 1 });

test('an expired link is not given up because the provider cannot be asked for a fresh one', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 500 });
  const deadLink = `${worker.sandbox.url}/expired.mp4`;
  const job = await storing(worker, 'slow=0', { sourceUrl: deadLink });
  worker.sandbox.control.script('poll', 'server-error', 1);
  await worker.steps.add('store', { ...stepOf(job), trouble: { kind: 'unavailable', count: 11 } });
  expect((await worker.ended(job)).lifecycle).toMatchObject({ state: 'completed' });
});

test('a refused key that is met while an expired link is renewed holds the account, and fails no job', async () => {
  await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 500 });
  const deadLink = `${worker.sandbox.url}/expired.mp4`;
  const job = await storing(worker, 'slow=0', { sourceUrl: deadLink });
  worker.sandbox.control.setKeyAccepted(false);
  await worker.steps.add('store', { ...stepOf(job), trouble: { kind: 'unavailable', count: 11 } });
  await expect
    .poll(async () => [...(await worker.ledger.holds.read()).accounts.values()], { timeout: 10_000 })
    .toMatchObject([{ code: 'provider_auth_failed' }]);
  worker.sandbox.control.setKeyAccepted(true);
  expect((await worker.ended(job)).lifecycle).toMatchObject({ state: 'completed' });
});

test('a file that cannot be had is given up a day after it was made, whatever the trouble of each try was', async () => {
  await using worker = await startWorker({ namespace: testNamespace() });
  const job = await storing(worker, 'file-unavailable=99', { generatedAtMs: Date.now() - dayMs });
  await worker.steps.add('store', { ...stepOf(job), trouble: { kind: 'gone', count: 1 } });
  expect((await worker.ended(job)).lifecycle).toMatchObject({
    state: 'failed',
    failure: { code: 'artifact_unavailable', billed: 'yes' },
  });
  const events = await worker.ledger.jobs.events(job.id, { limit: 100 });
  expect(events.find(({ type }) => type === 'artifact_finding')?.details).toEqual({
    finding: 'The file server answered with status 503',
    said: { code: 'download_status', facts: { status: 503 } },
  });
});

const stored = (video: StoredVideo): VideoJobEvent => ({ type: 'artifact_stored', video });
const givenUp: VideoJobEvent = { type: 'artifact_failed', failure: failure('artifact_unavailable') };

test.each<[string, (video: StoredVideo) => readonly VideoJobEvent[]]>([
  ['deleted', (video) => [stored(video)]],
  ['cancelled and retried', (video) => [{ type: 'cancel_requested' }, stored(video), { type: 'retry_requested' }]],
  ['given up', () => [givenUp]],
])(
  'a file leaves nothing behind when a twin of its step was faster and the job has been %s since',
  async (what, eventsOf) => {
    const put = Promise.withResolvers<string>();
    await using worker = await startWorker({
      namespace: testNamespace(),
      async afterFetch(jobId, outcome, { jobs }) {
        if (outcome.kind !== 'stored') return;
        const { video } = outcome;
        for (const event of eventsOf(video)) await jobs.apply(jobId, event, Date.now(), { attempt: 1 });
        if (what === 'deleted') await jobs.delete(jobId);
        put.resolve(video.storageKey);
      },
    });
    const job = await storing(worker, 'slow=0');
    await worker.steps.add('store', stepOf(job));
    const storageKey = await put.promise;
    await expect.poll(() => worker.storage.stat(storageKey), { timeout: 10_000 }).toBeNull();
  },
);
