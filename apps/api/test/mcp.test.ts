import { randomUUID } from 'node:crypto';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { startTcpProxy, testRedisUrl } from '@video-proxy/testkit';
import { connectAsLibreChat } from '@video-proxy/testkit/librechat-mcp-client';
import { describe, expect, test } from 'vitest';
import { accepted, generated, lost, notFound, rejected, started, storedVideo } from './events.ts';
import { clientKey, type RunningApi, startApi } from './running-api.ts';

const model = 'google/veo-3.1-t2v';
const wish = { model, prompt: 'a kite over the sea' };

const connect = (api: RunningApi, user = 'u-1', headers: Record<string, string> = {}) =>
  connectAsLibreChat(api.url, { authorization: `Bearer ${clientKey}`, 'x-librechat-user-id': user, ...headers });

const idIn = (text: string) => /video_[0-9a-z]{26}/.exec(text)?.[0] ?? expect.fail(`an id in ${text}`);

/** LibreChat answers an error with one of these words by a sentence about OAuth (measured). */
const takenForLostLogin = /401|oauth|authentication/i;

describe('the tools', () => {
  test('are told with schemas that need no resolving, and with instructions', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const { tools } = await mcp.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'generate_video',
      'get_video_job',
      'list_video_jobs',
      'cancel_video_job',
      'list_video_models',
    ]);
    // References and unions reach some language models as they are.
    expect(JSON.stringify(tools.map(({ inputSchema }) => inputSchema))).not.toMatch(/"(\$ref|anyOf|oneOf|allOf)"/);
    const [generate] = tools;
    expect(generate?.inputSchema.properties?.['model']).toMatchObject({ enum: expect.arrayContaining([model]) });
    expect(generate?.inputSchema.required).toEqual(['model']);
    expect(mcp.client.getInstructions()).toContain('get_video_job');
  });

  test('leave the waiting to the model: at once by default, and shorter than a call may take', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const { tools } = await mcp.client.listTools();
    expect(tools.find(({ name }) => name === 'get_video_job')?.inputSchema.properties?.['wait_seconds']).toMatchObject({
      default: 0,
      maximum: 50,
    });
    // No call has to be a task, which LibreChat does not know.
    expect(JSON.stringify(tools)).not.toContain('taskSupport');
  });

  test('have no name that LibreChat takes for its own or cannot carry', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const { tools } = await mcp.client.listTools();
    for (const { name, inputSchema } of tools) {
      expect(name).toMatch(/^(?!.*(_mcp_|_action_))[a-z_]{1,40}$/);
      for (const reserved of ['run_in_background', 'check_background_task']) {
        expect([name, ...Object.keys(inputSchema.properties ?? {})]).not.toContain(reserved);
      }
    }
    expect(JSON.stringify(tools).length).toBeLessThan(5 * 1024 * 1024);
  });

  test('are there for clients of the newest protocol, too', async () => {
    await using api = await startApi();
    const client = new ModernClient({ name: 'test', version: '1' });
    const transport = new ModernTransport(new URL(`${api.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${clientKey}` } },
    });
    await client.connect(transport);
    const result = await client.callTool({ name: 'generate_video', arguments: wish });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ object: 'video.job', status: 'queued', model });
    await client.close();
  });
});

describe('a wish', () => {
  test('becomes a job, is followed, and ends in a link, a picture and a player', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const begun = await mcp.call('generate_video', { ...wish, duration: 8, aspect_ratio: '16:9' });
    const id = idIn(begun.text);
    expect(begun.text).toContain('get_video_job');
    expect((await api.ledger.jobs.get(id))?.parameters).toEqual({ duration: 8, aspect_ratio: '16:9' });

    await api.happen(id, started, accepted);
    expect((await mcp.call('get_video_job', { id })).text).toContain('being made (generating');

    const waiting = mcp.call('get_video_job', { id, wait_seconds: 50 });
    const { watchSecret } = await api.happen(id, generated, {
      type: 'artifact_stored',
      video: storedVideo(`${id}.mp4`),
    });
    const { text, result } = await waiting;
    const watch = `${api.url}/v/${id.slice('video_'.length)}${watchSecret}`;
    expect(text).toContain(`[Watch the video](${watch})`);
    expect(text).toContain(`[![The video](${watch}/poster.jpg)](${watch})`);
    const content = result.content as readonly { type: string; resource?: { [name: string]: string } }[];
    // Links to resources, sounds and films in base64 are shown to nobody.
    expect(content.map(({ type }) => type)).toEqual(['text', 'resource']);
    const player = content[1]?.resource;
    expect(player).toMatchObject({ uri: `ui://video-proxy/${id}`, mimeType: 'text/html' });
    expect(player?.['text']).toContain(`src="${watch}/video.mp4"`);
    expect(JSON.stringify(result)).not.toContain('cdn.example');

    const [resource] = (await mcp.client.readResource({ uri: `video-job://${id}` })).contents;
    expect(JSON.parse(String(resource && 'text' in resource && resource.text))).toMatchObject({
      id,
      status: 'completed',
    });
    expect((await mcp.call('list_video_jobs', {})).text).toContain(
      `- ${id} (completed, ${model}): [a kite over the sea](${watch})`,
    );
  });

  test('is there as a resource, listed for its own user and for nobody else', async () => {
    await using api = await startApi();
    await using mine = await connect(api, 'u-1');
    await using theirs = await connect(api, 'u-2');
    const id = idIn((await mine.call('generate_video', wish)).text);
    const { resourceTemplates } = await mine.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['video-job://{id}']);
    expect((await mine.client.listResources()).resources).toMatchObject([
      { uri: `video-job://${id}`, name: id, title: wish.prompt, description: 'queued', mimeType: 'application/json' },
    ]);
    expect((await theirs.client.listResources()).resources).toEqual([]);
  });

  test('can start from a prompt that knows the way', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    expect((await mcp.client.listPrompts()).prompts).toMatchObject([
      { name: 'make_video', arguments: [{ name: 'wish', required: true }, { name: 'seconds' }, { name: 'shape' }] },
    ]);
    const { messages } = await mcp.client.getPrompt({
      name: 'make_video',
      arguments: { wish: 'a kite', seconds: '8' },
    });
    const [message] = messages;
    expect(message?.content).toMatchObject({
      type: 'text',
      text: expect.stringMatching(/a kite.*8.*get_video_job/s),
    });
  });

  test('that is called twice in one breath is one job, and as often as the user wants when told so', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const ids = await Promise.all(
      [wish, wish, { ...wish, variant: 2 }, { ...wish, prompt: 'two kites' }].map(async (args) =>
        idIn((await mcp.call('generate_video', args)).text),
      ),
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(ids[1]);
  });

  test('is one job for a minute, wherever on the clock that begins, and a new one afterwards', async () => {
    let nowMs = Date.UTC(2026, 0, 1, 12, 0, 59, 999);
    await using api = await startApi({ now: () => nowMs });
    await using mcp = await connect(api);
    const first = idIn((await mcp.call('generate_video', wish)).text);
    nowMs += 59_000;
    expect(idIn((await mcp.call('generate_video', wish)).text)).toBe(first);
    nowMs += 2_000;
    expect(idIn((await mcp.call('generate_video', wish)).text)).not.toBe(first);
  });

  test('is made anew at once after one that ended without a video and without cost', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const failed = idIn((await mcp.call('generate_video', wish)).text);
    await api.happen(failed, started, rejected);
    const cancelled = idIn((await mcp.call('generate_video', wish)).text);
    expect(cancelled).not.toBe(failed);
    await mcp.call('cancel_video_job', { id: cancelled });
    const again = await Promise.all([1, 2].map(async () => idIn((await mcp.call('generate_video', wish)).text)));
    expect(new Set(again).size).toBe(1);
    expect([failed, cancelled]).not.toContain(again[0]);
  });

  test('that may have been paid for is not made again by the same words', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const id = idIn((await mcp.call('generate_video', wish)).text);
    await api.happen(id, started, lost, notFound);
    expect(idIn((await mcp.call('generate_video', wish)).text)).toBe(id);
  });

  test('in another conversation is another video', async () => {
    await using api = await startApi();
    await using here = await connect(api, 'u-1', { 'x-librechat-conversation-id': 'c-1' });
    await using there = await connect(api, 'u-1', { 'x-librechat-conversation-id': 'c-2' });
    const [first, second] = await Promise.all(
      [here, there].map(async (mcp) => idIn((await mcp.call('generate_video', wish)).text)),
    );
    expect(second).not.toBe(first);
  });

  test('with a picture gives it to the parameter that its model has for it', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const image_url = 'https://example.com/a.png';
    const { text } = await mcp.call('generate_video', { model: 'luma/ray-2', prompt: 'it moves', image_url });
    expect((await api.ledger.jobs.get(idIn(text)))?.parameters).toMatchObject({
      keyframes: { frame0: { type: 'image', url: image_url } },
    });
    const refused = await mcp.call('generate_video', { ...wish, image_url });
    expect(refused.result.isError).toBe(true);
    expect(refused.text).toContain('image_url');
  });

  test('of the same message is one job', async () => {
    await using api = await startApi();
    await using mcp = await connect(api, 'u-1', { 'x-librechat-message-id': randomUUID() });
    const first = await mcp.call('generate_video', wish);
    expect(idIn((await mcp.call('generate_video', wish)).text)).toBe(idIn(first.text));
    expect((await mcp.call('generate_video', { ...wish, prompt: 'another' })).result.isError).toBe(true);
  });

  test('goes on when the client gives up waiting and says so', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const id = idIn((await mcp.call('generate_video', wish)).text);
    await api.happen(id, started, accepted);
    const gaveUp = new AbortController();
    const waiting = mcp.client.callTool({ name: 'get_video_job', arguments: { id, wait_seconds: 50 } }, undefined, {
      signal: gaveUp.signal,
    });
    gaveUp.abort();
    await expect(waiting).rejects.toThrow();
    // What the client sends then, once more, to know that it has arrived: for each request it may have meant.
    for (const requestId of [0, 1, 2, 3, 4, 'r1', 'r2']) {
      const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason: 'stopped' } };
      const headers = { accept: 'application/json, text/event-stream', 'x-librechat-user-id': 'u-1' };
      expect((await api.call('POST', '/mcp', { body: cancelled, headers })).status).toBe(202);
    }
    expect((await api.ledger.jobs.get(id))?.lifecycle.state).toBe('generating');
    expect((await mcp.call('get_video_job', { id })).text).toContain('being made');
  });

  test('can be cancelled, with the truth about money', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const unsent = idIn((await mcp.call('generate_video', wish)).text);
    expect((await mcp.call('cancel_video_job', { id: unsent })).text).toContain('Nothing was billed');
    const sent = idIn((await mcp.call('generate_video', { ...wish, variant: 2 })).text);
    await api.happen(sent, started, accepted);
    expect((await mcp.call('cancel_video_job', { id: sent })).text).toContain('may be billed');
  });
});

describe('what goes wrong', () => {
  test('is told as text that names the cause and the request id, never as a protocol error', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const wrong = await mcp.call('generate_video', { ...wish, parameters: { duration: 7 } });
    expect(wrong.result.isError).toBe(true);
    expect(wrong.text).toContain('duration');
    expect(wrong.text).toMatch(/Request id: req_/);
    const unknown = await mcp.call('get_video_job', { id: 'video_01k00000000000000000000000' });
    expect(unknown.result.isError).toBe(true);
    expect(unknown.text).toContain('There is no video job with this id');
    const noModel = await mcp.call('generate_video', { ...wish, model: 'no-such-model' });
    expect(noModel.result.isError).toBe(true);
    expect(noModel.text).toMatch(/The model "no-such-model" does not exist.*Request id: req_/s);
    const noNumber = await mcp.call('generate_video', { ...wish, duration: 'long' });
    expect(noNumber.result.isError).toBe(true);
    expect(noNumber.text).toMatch(/"duration".*Request id: req_/s);
  });

  test('with a resource is told in words that LibreChat does not take for a lost login', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const read = mcp.client.readResource({ uri: 'video-job://video_01k00000000000000000000000' });
    const { message } = await read.then(
      () => expect.fail('there is no such job'),
      (error: Error) => error,
    );
    expect(message).toMatch(/There is no video job with this id.*Request id: req_/);
    expect(message).not.toMatch(takenForLostLogin);
  });

  test('with the job store says so and nothing of its insides, for tools and resources', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    await using api = await startApi({ redisUrl: proxy.url });
    await using mcp = await connect(api);
    await proxy.cut();
    const id = 'video_01k00000000000000000000000';
    const { text, result } = await mcp.call('get_video_job', { id });
    expect(result.isError).toBe(true);
    const read = mcp.client.readResource({ uri: `video-job://${id}` });
    const { message } = await read.then(
      () => expect.fail('the store is away'),
      (error: Error) => error,
    );
    for (const said of [text, message]) {
      expect(said).toMatch(/cannot reach its job store right now.*Request id: req_/);
      expect(said).not.toMatch(/ioredis|ECONN|127\.0\.0\.1/);
    }
    await proxy.resume();
  });

  test('at the provider is told with its request id', async () => {
    await using api = await startApi();
    await using mcp = await connect(api);
    const id = idIn((await mcp.call('generate_video', wish)).text);
    await api.happen(id, started, rejected);
    const { text, result } = await mcp.call('get_video_job', { id });
    expect(result.isError).toBe(true);
    expect(text).toContain("rejected this service's API key");
    expect(text).toContain('hRNOI9BMsuLeZ76UNdGhS');
    expect(text).not.toMatch(takenForLostLogin);
  });

  test('with the jobs of another user is that they are not there', async () => {
    await using api = await startApi();
    await using mine = await connect(api, 'u-1');
    await using theirs = await connect(api, 'u-2');
    const id = idIn((await mine.call('generate_video', wish)).text);
    expect((await theirs.call('get_video_job', { id })).result.isError).toBe(true);
    expect((await theirs.call('cancel_video_job', { id })).result.isError).toBe(true);
    expect((await theirs.call('list_video_jobs', {})).text).toBe('There are no video jobs yet.');
    await expect(theirs.client.readResource({ uri: `video-job://${id}` })).rejects.toThrow();
  });
});

test('there are no sessions to open or to end, and nothing without a key', async () => {
  await using api = await startApi();
  for (const method of ['GET', 'HEAD', 'DELETE']) {
    const response = await api.call(method, '/mcp', { key: null });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  }
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
  expect((await api.call('POST', '/mcp', { key: null, body: ping })).status).toBe(401);
});

test('a call needs nothing before it, so that no restart of this service costs one', async () => {
  await using api = await startApi();
  const headers = { accept: 'application/json, text/event-stream', 'mcp-session-id': 'of-a-process-that-is-gone' };
  const ask = async (method: string, params: object) => {
    const response = await api.call('POST', '/mcp', { body: { jsonrpc: '2.0', id: 7, method, params }, headers });
    expect([response.status, response.headers.get('mcp-session-id')]).toEqual([200, null]);
    return (await response.json()) as unknown;
  };
  const called = await ask('tools/call', { name: 'generate_video', arguments: wish });
  expect(called).toMatchObject({ id: 7, result: { structuredContent: { status: 'queued' } } });
  const clientInfo = { name: '@librechat/api-client', version: '1.2.3' };
  const begun = await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  expect(begun).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
});

test('models are found by name and purpose, with their parameters', async () => {
  await using api = await startApi();
  await using mcp = await connect(api);
  const { text } = await mcp.call('list_video_models', { query: 'VEO-3.1', mode: 'text-to-video' });
  expect(text).toContain(`- ${model} (text-to-video`);
  expect(text).toContain('aspect_ratio (16:9|9:16)');
  expect((await mcp.call('list_video_models', { query: 'no such model' })).text).toBe('No model fits.');
});
