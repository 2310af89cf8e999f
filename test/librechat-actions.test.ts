import { openapiToFunction, validateAndParseOpenAPISpec } from 'librechat-data-provider';
import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';

type Executor = {
  setParams(params: object): Executor;
  setAuth(auth: object): Promise<Executor>;
  execute(): Promise<{ status: number; data: { status: string; message: string; id: string } }>;
};

const auth = { auth: { type: 'service_http', authorization_type: 'bearer' }, api_key: 'key-of-the-chat' };

/** As LibreChat does it: its own importer, its own executor. */
async function importActions(url: string) {
  const text = await (await fetch(`${url}/librechat/openapi.json`)).text();
  const spec = validateAndParseOpenAPISpec(text);
  if (!spec.status || spec.spec === undefined) throw new Error(spec.message);
  const { functionSignatures, requestBuilders } = openapiToFunction(spec.spec, true);
  const call = async (name: string, params: object) => {
    const executor = requestBuilders[name]?.createExecutor() as unknown as Executor;
    executor.setParams(params);
    await executor.setAuth(auth);
    const { status, data } = await executor.execute();
    expect(status).toBe(200);
    return data;
  };
  return { tools: functionSignatures.flatMap((signature) => signature.toObjectTool().function ?? []), call };
}

test('LibreChat imports the actions as they are, and a wish ends in a link that plays', {
  timeout: 60_000,
}, async () => {
  await using installation = await startInstallation({ CLIENT_KEYS: 'chat=key-of-the-chat' });
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const { tools, call } = await importActions(api.url);
  expect(tools.map(({ name }) => name).toSorted()).toEqual([
    'cancel_video_job',
    'generate_video',
    'get_video_job',
    'list_video_jobs',
    'list_video_models',
  ]);
  for (const { name, description } of tools) {
    expect(name).toMatch(/^[a-zA-Z0-9_-]{1,46}$/);
    expect(description.length).toBeGreaterThan(20);
  }
  expect(JSON.stringify(tools)).not.toContain('$ref');

  const wish = { model: 'google/veo-3.1-t2v', prompt: 'a kite', duration: 4 };
  const begun = await call('generate_video', wish);
  expect(begun.status).toBe('queued');
  expect((await call('generate_video', wish)).id).toBe(begun.id);
  let seen = begun;
  while (seen.status !== 'completed' && seen.status !== 'failed') {
    seen = await call('get_video_job', { id: begun.id, wait_seconds: 20 });
  }
  const [, link = ''] = /\[Watch the video\]\((\S+)\)/.exec(seen.message) ?? [];
  const film = await fetch(`${link}/video.mp4`, { headers: { range: 'bytes=4-7' } });
  expect(await film.text()).toBe('ftyp');
  expect((await call('list_video_jobs', {})).message).toContain(begun.id);
  expect((await call('list_video_models', { query: 'veo-3.1' })).message).toContain('google/veo-3.1-t2v');
  expect(installation.sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
});

test('what goes wrong is an answer that the model can repeat, with the request id', { timeout: 60_000 }, async () => {
  await using installation = await startInstallation({ CLIENT_KEYS: 'chat=key-of-the-chat' });
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const { call } = await importActions(api.url);
  const wrong = await call('generate_video', { model: 'google/veo-3.1-t2v', prompt: 'a kite', duration: 7 });
  expect(wrong).toMatchObject({ status: 'refused', message: expect.stringMatching(/duration.*Request id: req_/s) });
  const unknown = await call('get_video_job', { id: 'video_01k00000000000000000000000' });
  expect(unknown).toMatchObject({ status: 'refused', message: expect.stringContaining('There is no video job') });

  installation.sandbox.control.script('create', 'incident');
  installation.sandbox.control.script('billing', 'incident');
  const refused = await call('generate_video', { model: 'google/veo-3.1-t2v', prompt: 'a kite', duration: 4 });
  const failed = await call('get_video_job', { id: refused.id, wait_seconds: 30 });
  expect(failed).toMatchObject({ status: 'failed', message: expect.stringContaining('hRNOI9BMsuLeZ76UNdGhS') });
  expect((await fetch(`${api.url}/librechat/actions/models`)).status).toBe(401);
});
