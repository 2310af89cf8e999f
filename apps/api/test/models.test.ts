import { modelList, modelWire, openaiError } from '@video-proxy/contracts';
import { expect, test } from 'vitest';
import { startApi } from './running-api.ts';

test('the list of models has the OpenAI shape, with parameters and aliases', async () => {
  await using api = await startApi();
  const response = await api.call('GET', '/v1/models');
  expect(response.status).toBe(200);
  const { object, data } = modelList.parse(await response.json());
  expect(object).toBe('list');
  expect(data.length).toBeGreaterThan(100);
  expect(data.find(({ id }) => id === 'google/veo-3.1-t2v')).toMatchObject({
    object: 'model',
    owned_by: 'Google',
    aliases: ['google/veo-3.1-text-to-video'],
    prompt: { required: true },
    parameters: { type: 'object', properties: { duration: { enum: [4, 6, 8] } } },
  });
});

test.each(['google/veo-3.1-t2v', 'google%2Fveo-3.1-t2v', 'google/veo-3.1-text-to-video', 'GOOGLE/VEO-3.1-T2V'])(
  'a model is found as %s',
  async (name) => {
    await using api = await startApi();
    const response = await api.call('GET', `/v1/models/${name}`);
    expect(response.status).toBe(200);
    expect(modelWire.parse(await response.json()).id).toBe('google/veo-3.1-t2v');
  },
);

test('an id of many parts is found', async () => {
  await using api = await startApi();
  const id = 'klingai/v2.5-turbo/pro/text-to-video';
  expect(modelWire.parse(await (await api.call('GET', `/v1/models/${id}`)).json()).id).toBe(id);
});

test('an unknown model is 404 with those that look like it', async () => {
  await using api = await startApi();
  const response = await api.call('GET', '/v1/models/google/veo-3.1-t2x');
  expect(response.status).toBe(404);
  expect(openaiError.parse(await response.json()).error).toMatchObject({
    code: 'model_not_found',
    message: expect.stringContaining('google/veo-3.1-t2v'),
  });
});
