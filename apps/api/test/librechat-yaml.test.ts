import { configSchema, endpointSchema, MCPServersSchema } from 'librechat-data-provider';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { librechatYaml } from '../src/surfaces/librechat/yaml.ts';
import { startApi } from './running-api.ts';

const model = 'openai/sora-2-t2v';

/** What LibreChat itself makes of it. */
const read = (yaml: string) => configSchema.parse({ version: '1.3.0', ...parse(yaml) });

describe.each([
  ['https://videos.example.com', undefined, undefined],
  // A public address that is no link for a browser is public all the same; LibreChat refuses a file that lists one.
  ['http://8.8.8.8:8080', undefined, undefined],
  ['http://localhost:8080', ['localhost:8080'], ['localhost:80', 'localhost:8080']],
  ['http://video-proxy:8080', ['video-proxy:8080'], ['video-proxy:80', 'video-proxy:8080']],
  ['http://video-proxy', ['video-proxy:80'], ['video-proxy:80']],
  ['https://video-proxy.lan:8443', ['video-proxy.lan:8443'], ['video-proxy.lan:443', 'video-proxy.lan:8443']],
  [
    'http://video-proxy.zeabur.internal:8080',
    ['video-proxy.zeabur.internal:8080'],
    ['video-proxy.zeabur.internal:80', 'video-proxy.zeabur.internal:8080'],
  ],
])('the yaml for %s', (address, mcpAddresses, actionAddresses) => {
  const yaml = librechatYaml(address, model);

  test('is valid for LibreChat, and allows the address where it is private', () => {
    const { mcpSettings, actions } = read(yaml);
    expect(mcpSettings?.allowedAddresses).toEqual(mcpAddresses);
    expect(actions?.allowedAddresses).toEqual(actionAddresses);
  });

  test('has the tools, with the user, a time limit above a long poll, and no OAuth', () => {
    const { video } = MCPServersSchema.parse(parse(yaml).mcpServers);
    expect(video).toMatchObject({
      type: 'streamable-http',
      url: `${address}/mcp`,
      requiresOAuth: false,
      serverInstructions: true,
      headers: { Authorization: 'Bearer ${VIDEO_PROXY_KEY}', 'X-LibreChat-User-Id': '{{LIBRECHAT_USER_ID}}' },
      timeout: 120_000,
    });
  });

  test('has the chat model, without titles of its own and with the message that tells repeats', () => {
    const [endpoint] = parse(yaml).endpoints.custom;
    expect(endpointSchema.parse(endpoint)).toMatchObject({
      name: 'Video',
      baseURL: `${address}/v1`,
      models: { default: [model], fetch: true },
      titleConvo: false,
      headers: {
        'X-LibreChat-User-Id': '{{LIBRECHAT_USER_ID}}',
        'X-LibreChat-Message-Id': '{{LIBRECHAT_BODY_MESSAGEID}}',
      },
    });
  });

  test('says where the actions are', () => {
    expect(yaml).toContain(`${address}/librechat/openapi.json`);
  });
});

describe('the address in the yaml and in the document for actions', () => {
  const both = ['/librechat/librechat.yaml', '/librechat/openapi.json'];

  test('is the public one, and a private one for the asking', async () => {
    await using api = await startApi({ settings: { publicBaseUrl: 'https://videos.example.com' } });
    const yaml = await (await api.call('GET', '/librechat/librechat.yaml', { key: null })).text();
    expect(yaml).toBe(librechatYaml('https://videos.example.com', model));
    const asked = `address=${encodeURIComponent('http://video-proxy:8080')}`;
    const near = await (await api.call('GET', `/librechat/librechat.yaml?${asked}`, { key: null })).text();
    expect(near).toBe(librechatYaml('http://video-proxy:8080', model));
    const document = await (await api.call('GET', `/librechat/openapi.json?${asked}`, { key: null })).json();
    expect(document).toMatchObject({ servers: [{ url: 'http://video-proxy:8080' }] });
  });

  test.each([
    'https://evil.example',
    'http://8.8.8.8:80',
    'ftp://video-proxy',
    'http://video-proxy:8080/path',
    'http://user@video-proxy:8080',
    'video-proxy:8080',
    'http://video-proxy:8080"\n',
    '',
  ])('is never %j', async (address) => {
    await using api = await startApi();
    for (const path of both) {
      const response = await api.call('GET', `${path}?address=${encodeURIComponent(address)}`, { key: null });
      expect(response.status).toBe(400);
    }
  });

  test('names a model that the chat knows', async () => {
    await using api = await startApi();
    const { endpoints } = parse(await (await api.call('GET', '/librechat/librechat.yaml')).text());
    expect((await api.call('GET', `/v1/models/${endpoints.custom[0].models.default[0]}`)).status).toBe(200);
  });
});
