import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { startApi } from './running-api.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

async function readDocument() {
  await using api = await startApi();
  const document = (await (await api.call('GET', '/openapi.json', { key: null })).json()) as Description;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return { document, operations };
}

describe('the OpenAPI document', () => {
  test('describes every public route', async () => {
    const { document, operations } = await readDocument();
    expect(document.openapi).toBe('3.1.0');
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /',
      'GET /healthz',
      'GET /readyz',
      'POST /v1/jobs',
      'GET /v1/jobs',
      'GET /v1/jobs/{id}',
      'DELETE /v1/jobs/{id}',
      'POST /v1/jobs/{id}/cancel',
      'POST /v1/jobs/{id}/retry',
      'POST /v1/jobs/{id}/recheck',
      'GET /v1/jobs/{id}/events',
      'GET /v1/jobs/{id}/video',
      'GET /v1/jobs/{id}/poster',
      'GET /v1/jobs/{id}/deliveries',
      'POST /v1/jobs/{id}/deliveries/{delivery_id}/resend',
      'POST /v1/files',
      'GET /v1/files',
      'GET /v1/files/{id}',
      'DELETE /v1/files/{id}',
      'GET /v1/files/{id}/content',
      'GET /v1/models',
      'GET /v1/models/{model}',
      'POST /v2/video/generations',
      'GET /v2/video/generations',
      'POST /video/generate',
      'GET /v/{token}',
      'GET /v/{token}/events',
      'GET /v/{token}/video.mp4',
      'GET /v/{token}/poster.jpg',
      'POST /mcp',
      'GET /librechat/openapi.json',
      'GET /librechat/librechat.yaml',
      'POST /v1/chat/completions',
      'POST /v1/videos',
      'GET /v1/videos',
      'POST /v1/videos/{id}/remix',
      'GET /v1/videos/{id}',
      'DELETE /v1/videos/{id}',
      'GET /v1/videos/{id}/content',
    ]);
  });

  test('has a summary, an answer with words and all path parameters for each, and no id twice', async () => {
    const { operations } = await readDocument();
    for (const { path, operation } of operations) {
      expect(operation.summary, path).toBeTruthy();
      const named = operation.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(named ?? [], path).toEqual(path.match(/\{\w+\}/g) ?? []);
      for (const { description } of Object.values(operation.responses)) {
        expect(description, path).not.toMatch(/^$|Default Response/);
      }
    }
    const ids = operations.flatMap(({ operation }) => operation.operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says which routes need no key', async () => {
    const { operations } = await readDocument();
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path }) => path)).toEqual([
      '/',
      '/healthz',
      '/readyz',
      '/v/{token}',
      '/v/{token}/events',
      '/v/{token}/video.mp4',
      '/v/{token}/poster.jpg',
      '/librechat/openapi.json',
      '/librechat/librechat.yaml',
    ]);
  });

  test('has schemas that compile, all of them used, and no reference into nothing', async () => {
    const { document } = await readDocument();
    const text = JSON.stringify(document);
    const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect([...refs].sort()).toEqual(Object.keys(document.components.schemas).sort());
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'document', components: document.components });
    for (const name of refs) expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
  });
});

describe('the reader of the document', () => {
  test('is a page with a script of our own', async () => {
    await using api = await startApi();
    const page = await api.call('GET', '/docs/', { key: null });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
    const script = await api.call('GET', '/docs/js/scalar.js', { key: null });
    expect(script.headers.get('content-type')).toContain('javascript');
    expect((await script.text()).length).toBeGreaterThan(100_000);
  });

  test('is found without the slash, and has nothing else', async () => {
    await using api = await startApi();
    const response = await api.call('GET', '/docs', { key: null });
    expect([response.status, response.headers.get('location')]).toEqual([301, '/docs/']);
    expect((await api.call('GET', '/docs/nope', { key: null })).status).toBe(404);
  });
});
