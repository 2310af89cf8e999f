import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { createVideoJobBody, waitSecondsMax } from '@video-proxy/contracts';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startInstallation } from './installation.ts';

const pairs = z.object({ parameters: z.array(z.object({ name: z.string(), value: z.string() })) });
const httpNode = z.object({
  method: z.enum(['GET', 'POST']),
  url: z.string(),
  genericAuthType: z.literal('httpBearerAuth'),
  headerParameters: pairs.default({ parameters: [] }),
  queryParameters: pairs.default({ parameters: [] }),
  jsonBody: z.string().optional(),
});
const workflow = z
  .object({
    nodes: z.array(z.object({ name: z.string(), type: z.string(), parameters: z.record(z.string(), z.unknown()) })),
    connections: z.record(
      z.string(),
      z.object({ main: z.array(z.array(z.object({ node: z.string(), type: z.literal('main'), index: z.int() }))) }),
    ),
  })
  .parse(JSON.parse(readFileSync('examples/n8n.json', 'utf8')));

const requests = workflow.nodes
  .filter(({ type }) => type === 'n8n-nodes-base.httpRequest')
  .map(({ name, parameters }) => ({ name, ...httpNode.parse(parameters) }));

type Operation = { readonly parameters?: readonly { readonly name: string; readonly in: string }[] };
let paths: Record<string, Record<string, Operation>>;

beforeAll(async () => {
  await using installation = await startInstallation();
  const api = await installation.startApi();
  ({ paths } = (await api.readJson('/openapi.json')) as { paths: typeof paths });
});

test('every connection of the n8n workflow leads from a node to a node, and every node is reached', () => {
  const names = workflow.nodes.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const targets = Object.values(workflow.connections).flatMap(({ main }) => main.flat().map(({ node }) => node));
  expect(names).toEqual(expect.arrayContaining([...Object.keys(workflow.connections), ...targets]));
  const unreached = workflow.nodes.filter(({ name }) => !targets.includes(name)).map(({ type }) => type);
  expect(unreached).toEqual(['n8n-nodes-base.stickyNote', 'n8n-nodes-base.manualTrigger']);
});

test('its requests are operations of this service, with parameters that those have', () => {
  const operations = requests.map(({ name, method, url, queryParameters }) => {
    const path = url
      .replace(/^=\{\{ \$\('Wish'\)\.first\(\)\.json\.service \}\}/, '')
      .replace(/\{\{ \$(json|\('Ask for a video'\)\.item\.json)\.id \}\}/, '{id}');
    const operation = paths[path]?.[method.toLowerCase()];
    expect(operation, `${name}: ${method} ${path}`).toBeDefined();
    const known = operation?.parameters
      ?.filter((parameter) => parameter.in === 'query')
      .map((parameter) => parameter.name);
    for (const parameter of queryParameters.parameters) expect(known).toContain(parameter.name);
    return `${method} ${path}`;
  });
  expect(operations).toEqual(['POST /v1/jobs', 'GET /v1/jobs/{id}', 'GET /v1/jobs/{id}/video']);
  const [wait] = requests.flatMap(({ queryParameters }) => queryParameters.parameters);
  expect(Number(wait?.value)).toBeLessThanOrEqual(waitSecondsMax);
});

test('its wait asks for the job of the create, whatever node stands between them', () => {
  const [wait] = requests.filter(({ queryParameters }) => queryParameters.parameters.length > 0);
  expect(wait?.url).toContain("{{ $('Ask for a video').item.json.id }}");
  expect(workflow.nodes.map(({ name }) => name)).toContain('Ask for a video');
});

test('its create has a body that the service takes, and a key that is the same for every try of an execution', () => {
  const [create] = requests.filter(({ method }) => method === 'POST');
  const [, expression = ''] = /^=\{\{(.*)\}\}$/.exec(create?.jsonBody ?? '') ?? [];
  const $json = { service: 'http://service', model: 'sora-2', prompt: 'a "kite"', duration: 4 };
  const body: unknown = JSON.parse(String(runInNewContext(expression, { $json })));
  expect(createVideoJobBody.parse(body)).toMatchObject({
    model: 'sora-2',
    prompt: 'a "kite"',
    parameters: { duration: 4 },
  });
  const [key] = create?.headerParameters.parameters ?? [];
  expect(key?.name).toBe('Idempotency-Key');
  expect(key?.value).toContain('{{ $execution.id }}');
  expect(key?.value).not.toMatch(/random|uuid|now/i);
});
