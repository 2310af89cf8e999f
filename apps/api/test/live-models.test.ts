import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAimlapi } from '@video-proxy/aimlapi';
import { openCatalog } from '@video-proxy/aimlapi/catalog';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { followLiveModels } from '../src/live-models.ts';

const log = pino({ level: 'silent' });
const newModel = { id: 'acme/brand-new', aliases: ['brand-new'], type: 'internal/video-generations/submit' };

async function startProvider(status: number, body: unknown): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a model that only the live list knows is found, by its alias too, and takes any parameters', async () => {
  const baseUrl = await startProvider(200, { object: 'list', data: [newModel] });
  await using provider = openAimlapi({ name: 'aimlapi', baseUrl, apiKey: () => null });
  const catalog = openCatalog();
  await using _following = followLiveModels({ list: provider.listModels, refresh: catalog.refresh, log });
  await expect.poll(() => catalog.find('brand-new')?.id).toBe('acme/brand-new');
  const model = catalog.find('acme/brand-new');
  if (model === null) throw new Error('not found');
  expect(catalog.check(model, { prompt: 'a kite', parameters: { any: 'thing' } }).kind).toBe('valid');
  expect(catalog.find('google/veo-3.1-t2v')).not.toBeNull();
});

test('without an answer the documented models stay as they are', async () => {
  const baseUrl = await startProvider(503, {});
  await using provider = openAimlapi({ name: 'aimlapi', baseUrl, apiKey: () => null });
  const catalog = openCatalog();
  const asked = Promise.withResolvers<string>();
  await using _following = followLiveModels({
    list: async (signal) => {
      const outcome = await provider.listModels(signal);
      asked.resolve(outcome.kind);
      return outcome;
    },
    refresh: catalog.refresh,
    log,
  });
  expect(await asked.promise).toBe('unavailable');
  expect(catalog.list().length).toBeGreaterThan(100);
});
