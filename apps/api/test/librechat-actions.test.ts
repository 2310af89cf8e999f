import { startTcpProxy, testRedisUrl } from '@video-proxy/testkit';
import { openapiToFunction, validateAndParseOpenAPISpec } from 'librechat-data-provider';
import { describe, expect, test } from 'vitest';
import { actionAnswer } from '../src/surfaces/librechat/answers.ts';
import { clientKey, type RunningApi, startApi } from './running-api.ts';

interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: Schema; description: string }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
}
interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}
interface Document {
  readonly openapi: string;
  readonly servers: readonly { url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

async function documentOf(api: RunningApi): Promise<{ text: string; document: Document }> {
  const response = await api.call('GET', '/librechat/openapi.json', { key: null });
  const text = await response.text();
  return { text, document: JSON.parse(text) as Document };
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );

/** Each of these was measured to be lost, misread or refused by LibreChat's importer. */
describe('the document for actions', () => {
  test('has one whole server address and is of a version the importer knows', async () => {
    await using api = await startApi();
    const { document } = await documentOf(api);
    expect(document.openapi).toMatch(/^3\.[01]\./);
    expect(document.servers).toEqual([{ url: api.url }]);
    expect(() => new URL(document.servers[0]?.url ?? '')).not.toThrow();
  });

  test('has nothing beside the methods of a path, where all would become tools', async () => {
    await using api = await startApi();
    const { document } = await documentOf(api);
    for (const methods of Object.values(document.paths)) {
      for (const method of Object.keys(methods)) expect(['get', 'post']).toContain(method);
    }
  });

  test('names its tools once, as language models allow it, with room for what LibreChat adds', async () => {
    await using api = await startApi();
    const names = operationsOf((await documentOf(api)).document).map(({ operationId }) => operationId);
    expect(names.toSorted()).toEqual([
      'cancel_video_job',
      'generate_video',
      'get_video_job',
      'list_video_jobs',
      'list_video_models',
    ]);
    for (const name of names) expect(name).toMatch(/^(?!.*(_action_|_mcp_))[a-zA-Z0-9_-]{1,46}$/);
    for (const reserved of ['run_in_background', 'check_background_task']) expect(names).not.toContain(reserved);
  });

  test('describes, and has no summary that would hide the description', async () => {
    await using api = await startApi();
    const { text, document } = await documentOf(api);
    expect(text).not.toContain('"summary"');
    for (const { description, parameters = [] } of operationsOf(document)) {
      expect(description.length).toBeGreaterThan(20);
      for (const parameter of parameters) expect(parameter.description).toBeTruthy();
    }
  });

  test('refers to nothing, asks for one type of body, and keeps its properties at the top', async () => {
    await using api = await startApi();
    const { text, document } = await documentOf(api);
    for (const lost of ['$ref', 'allOf', 'oneOf', 'anyOf', '"const"', 'securitySchemes']) {
      expect(text).not.toContain(lost);
    }
    for (const { requestBody } of operationsOf(document)) {
      if (requestBody === undefined) continue;
      expect(Object.keys(requestBody.content)).toEqual(['application/json']);
      const { type, properties = {} } = requestBody.content['application/json']?.schema ?? {};
      expect(type).toBe('object');
      // Several types at once are passed on and not held.
      for (const schema of Object.values(properties)) expect(['string', 'integer', 'object']).toContain(schema.type);
    }
  });

  test('has parameters of single types in path and query, no two of one name, and all that a path has', async () => {
    await using api = await startApi();
    for (const { path, parameters = [], requestBody } of operationsOf((await documentOf(api)).document)) {
      const body = Object.keys(requestBody?.content['application/json']?.schema.properties ?? {});
      const names = [...parameters.map(({ name }) => name), ...body];
      expect(new Set(names).size).toBe(names.length);
      for (const one of parameters) {
        expect(['path', 'query']).toContain(one.in);
        expect(['string', 'integer']).toContain(one.schema.type);
      }
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === 'path' && one.required).map(({ name }) => name)).toEqual(inPath);
    }
  });

  test('holds its limits where LibreChat enforces them before it calls', async () => {
    await using api = await startApi();
    const { text } = await documentOf(api);
    const { spec } = validateAndParseOpenAPISpec(text);
    const { zodSchemas } = openapiToFunction(spec ?? expect.fail('a document'), true);
    const accepts = (tool: string, args: object) => zodSchemas?.[tool]?.safeParse(args).success;
    const wish = { model: 'google/veo-3.1-t2v', prompt: 'a kite' };
    expect(accepts('generate_video', wish)).toBe(true);
    const withOwn = { ...wish, parameters: { seed: 7, camera: { zoom: 2 } } };
    expect(zodSchemas?.['generate_video']?.parse(withOwn)).toMatchObject(withOwn);
    expect(accepts('generate_video', { ...wish, duration: '8' })).toBe(false);
    expect(accepts('generate_video', { ...wish, model: 'no-such-model' })).toBe(false);
    expect(accepts('generate_video', { prompt: 'a kite' })).toBe(false);
    expect(accepts('get_video_job', { id: 'video_x', wait_seconds: 50 })).toBe(true);
    expect(accepts('get_video_job', { id: 'video_x', wait_seconds: 51 })).toBe(false);
    expect(accepts('list_video_jobs', { status: 'done' })).toBe(false);
  });
});

describe('an action', () => {
  const id = 'video_01k00000000000000000000000';

  test.each([
    ['POST', '/videos', { prompt: 'a kite' }, /"model" is required/],
    ['POST', '/videos', { model: 'no-such-model', prompt: 'a kite' }, /"no-such-model" does not exist/],
    ['POST', '/videos', { model: 'google/veo-3.1-t2v', prompt: 'a kite', duration: 7 }, /duration/],
    ['POST', '/videos', {}, /"model" is required/],
    ['GET', `/videos/${id}`, undefined, /There is no video job with this id/],
    ['GET', '/videos/%7Bid%7D', undefined, /There is no video job with this id/],
    ['GET', `/videos/${'x'.repeat(100)}`, undefined, /"id"/],
    ['GET', `/videos/${id}?wait_seconds=51`, undefined, /"wait_seconds"/],
    ['POST', `/videos/${id}/cancel`, {}, /There is no video job with this id/],
    ['GET', '/videos?status=done', undefined, /"status"/],
    ['GET', '/models?limit=1000', undefined, /"limit"/],
  ])(
    '%s %s with %j is refused in an answer of its own, which alone reaches the model',
    async (method, path, body, why) => {
      await using api = await startApi();
      const response = await api.call(method, `/librechat/actions${path}`, { body });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        status: 'refused',
        message: expect.stringMatching(new RegExp(`${why.source}.*Request id: req_`, 's')),
        id: null,
        watch_url: null,
        video_url: null,
      });
    },
  );

  test.each([
    ['POST', '/videos', { model: 'google/veo-3.1-t2v', prompt: 'a kite' }],
    ['GET', `/videos/${id}`, undefined],
    ['GET', '/videos', undefined],
  ])('%s %s says that the job store is away in an answer, too', async (method, path, body) => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    await using api = await startApi({ redisUrl: proxy.url });
    await proxy.cut();
    const response = await api.call(method, `/librechat/actions${path}`, { body });
    expect(response.status).toBe(200);
    const { status, message } = actionAnswer.parse(await response.json());
    expect(status).toBe('refused');
    expect(message).toMatch(/cannot reach its job store right now.*Request id: req_/);
    await proxy.resume();
  });

  test('that asks for the same twice in one breath makes one video', async () => {
    await using api = await startApi();
    const body = { model: 'google/veo-3.1-t2v', prompt: 'a kite', duration: 4 };
    const [first, second] = await Promise.all(
      [1, 2].map(async () =>
        actionAnswer.parse(await (await api.call('POST', '/librechat/actions/videos', { body })).json()),
      ),
    );
    expect(first).toMatchObject({ status: 'queued', id: expect.stringMatching(/^video_/) });
    expect(second?.id).toBe(first?.id);
  });

  test('tells models by a part of their name, and nothing without a key', async () => {
    await using api = await startApi();
    const response = await api.call('GET', '/librechat/actions/models?query=veo-3.1');
    const { message } = actionAnswer.parse(await response.json());
    expect(message).toContain('google/veo-3.1-t2v');
    expect((await api.call('GET', '/librechat/actions/models', { key: null })).status).toBe(401);
  });

  test('of a user header that names nobody is refused in an answer, too', async () => {
    await using api = await startApi();
    const headers = { 'x-librechat-user-id': '{{LIBRECHAT_USER_ID}}' };
    const response = await api.call('GET', '/librechat/actions/videos', { headers });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'refused', message: expect.stringContaining('placeholder') });
  });

  test('is never redirected, which LibreChat would take for a success', async () => {
    await using api = await startApi();
    for (const path of ['/librechat/openapi.json', '/librechat/actions/videos', '/librechat/actions/models']) {
      const response = await fetch(`${api.url}${path}`, {
        redirect: 'manual',
        headers: { authorization: `Bearer ${clientKey}` },
      });
      expect(response.status).toBe(200);
    }
  });
});
