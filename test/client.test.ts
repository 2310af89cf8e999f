import { globSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthenticationError, type Client, openClient, ServiceError } from '@video-proxy/client';
import { download } from '@video-proxy/client/node';
import type { VideoJobRequest, VideoJobWire } from '@video-proxy/contracts';
import { freePort } from '@video-proxy/testkit/processes';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Fate, type Gateway, startGateway } from './gateway.ts';
import { type Api, type Installation, startInstallation } from './installation.ts';

const wanted = (prompt: string): VideoJobRequest => ({
  model: 'google/veo-3.1-t2v',
  prompt,
  parameters: { duration: 4 },
});
const apiKey = 'key-of-ann';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'client-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('the client of a running service', { timeout: 60_000 }, () => {
  let installation: Installation;
  let api: Api;
  let client: Client;

  beforeAll(async () => {
    installation = await startInstallation({ CLIENT_KEYS: `ann=${apiKey}` });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
    client = openClient({ baseUrl: api.url, apiKey });
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  /** The same service behind a gateway, and a client that knows the gateway only. */
  async function behind(fateOf: (path: string, nth: number) => Fate): Promise<[Client, Gateway]> {
    const times = new Map<string, number>();
    const gateway = await startGateway(api.url, ({ method, url = '' }) => {
      const path = `${method} ${url.replace(/video_\w+/, '{id}').replace(/\?.*/, '')}`;
      const nth = times.get(path) ?? 0;
      times.set(path, nth + 1);
      return fateOf(path, nth);
    });
    onTestFinished(() => gateway[Symbol.asyncDispose]());
    return [openClient({ baseUrl: gateway.url, apiKey }), gateway];
  }

  test('asks for a video, sees it change, and saves the file', async () => {
    const { id } = await client.createJob(wanted('a kite'));
    const seen: VideoJobWire[] = [];
    const job = await client.waitForJob(id, { onChange: (changed) => void seen.push(changed) });
    expect(job).toMatchObject({ id, status: 'completed', phase: 'completed' });
    expect(seen.at(-1)).toBe(job);
    const target = join(await folder(), 'kite.mp4');
    await download(client, job, target);
    const file = await readFile(target);
    expect([file.length, file.toString('latin1', 4, 8)]).toEqual([job.video?.bytes, 'ftyp']);
  });

  test('follows a job in a loop to its failure, which tells why', async () => {
    const { id } = await client.createJob(wanted('a kite [sandbox:fails]'));
    const jobs: VideoJobWire[] = [];
    for await (const job of client.followJob(id)) jobs.push(job);
    expect(jobs.at(-1)).toMatchObject({ status: 'failed', video: null, error: { code: 'provider_error' } });
    expect(await client.recheckJob(id)).toMatchObject({ id, status: 'in_progress' });
  });

  test('lists, cancels, retries and deletes what is its own', async () => {
    const ann = openClient({ baseUrl: api.url, apiKey, user: '安' });
    const job = await ann.createJob(wanted('a kite [sandbox:never]'));
    expect(await ann.cancelJob(job.id)).toMatchObject({ id: job.id });
    const failed = await ann.createJob(wanted('a kite [sandbox:fails]'));
    await ann.waitForJob(failed.id);
    expect(await ann.retryJob(failed.id)).toMatchObject({ id: failed.id, attempt: 2 });
    await ann.waitForJob(failed.id);
    expect((await ann.listJobs({ limit: 1 })).data.map(({ id }) => id)).toEqual([failed.id]);
    expect(await ann.deleteJob(failed.id)).toEqual({ id: failed.id, object: 'video.job.deleted', deleted: true });
    await expect(ann.readJob(failed.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    const other = openClient({ baseUrl: api.url, apiKey, user: 'bob' });
    expect((await other.listJobs()).data).toEqual([]);
  });

  test('knows the models', async () => {
    expect((await client.listModels()).map(({ id }) => id)).toContain('google/veo-3.1-t2v');
  });

  test('a wrong key is an error of its own, with the request id', async () => {
    const stranger = openClient({ baseUrl: api.url, apiKey: 'key-of-nobody' });
    const failure = stranger.createJob(wanted('a kite'));
    await expect(failure).rejects.toThrow(AuthenticationError);
    await expect(failure).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
      param: 'authorization',
      requestId: expect.stringMatching(/^req_/),
      serviceAway: false,
    });
    await expect(client.createJob({ model: 'google/veo-3.1-t2v', parameters: { duration: 5 } })).rejects.toThrow(
      ServiceError,
    );
  });

  test('an answer to a create that is lost on its way makes one video, not two', async () => {
    const [lossy, gateway] = await behind((path, nth) => (path === 'POST /v1/jobs' && nth < 2 ? 'cut_answer' : 'pass'));
    const before = (await client.listJobs({ limit: 100 })).data.length;
    const job = await lossy.createJob(wanted('a kite in the wind'));
    expect(gateway.seen).toHaveLength(3);
    const { data } = await client.listJobs({ limit: 100 });
    expect(data).toHaveLength(before + 1);
    expect(data[0]?.id).toBe(job.id);
  });

  test('an event stream that is cut is resumed after the last event', async () => {
    const [cut, gateway] = await behind((path) => (path.endsWith('/events') ? 'cut_after_event' : 'pass'));
    const { id } = await cut.createJob(wanted('a kite [sandbox:slow=4]'));
    expect(await cut.waitForJob(id, { refreshMs: 200 })).toMatchObject({ status: 'completed' });
    const streams = gateway.seen.filter(({ url }) => url?.endsWith('/events'));
    expect(streams.slice(0, 2).map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      expect.stringMatching(/^\d+$/),
    ]);
  });

  test('a gateway that lets no event through is met with waiting requests', async () => {
    const [held, gateway] = await behind((path) => (path.endsWith('/events') ? 'hold' : 'pass'));
    const { id } = await held.createJob(wanted('a kite [sandbox:slow=8]'));
    expect(await held.waitForJob(id)).toMatchObject({ status: 'completed' });
    expect(gateway.seen.some(({ url }) => url?.endsWith('?wait_seconds=20'))).toBe(true);
  });

  test('a restart of the service in between ends neither the waiting nor the job', async () => {
    await using restarted = await startInstallation();
    const PORT = String(await freePort());
    const first = await restarted.startApi({ PORT });
    const waiter = openClient({ baseUrl: first.url });
    const { id } = await waiter.createJob(wanted('a kite'));
    const waiting = Promise.withResolvers<void>();
    const ended = waiter.waitForJob(id, { onChange: () => waiting.resolve() });
    await waiting.promise;
    first.process.signal('SIGKILL');
    await first.process.exited;
    await restarted.startApi({ PORT });
    await restarted.startWorker();
    expect(await ended).toMatchObject({ id, status: 'completed' });
  });

  test('a file that is not the one the service has stored is not kept', async () => {
    const { id } = await client.createJob(wanted('a kite'));
    const job = await client.waitForJob(id);
    const directory = installation.environment['DATA_DIR'] ?? '';
    const [stored = ''] = globSync(`**/*${id}*.mp4`, { cwd: directory });
    const content = await readFile(join(directory, stored));
    await writeFile(join(directory, stored), content.fill(0, content.length - 8));
    const place = await folder();
    await expect(download(client, job, join(place, 'kite.mp4'))).rejects.toMatchObject({ reason: 'differs' });
    expect(await readdir(place)).toEqual([]);
  });
});
