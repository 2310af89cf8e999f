import { connectAsLibreChat } from '@video-proxy/testkit/librechat-mcp-client';
import { describe, expect, test } from 'vitest';
import { wayToCompletion } from './events.ts';
import { clientKey, newJob, type RunningApi, startApi } from './running-api.ts';

const publicBaseUrl = 'https://videos.example.com';

const textOf = async (response: Promise<Response>) => (await response).text();

/** What somebody reads who asks for a finished video, with the address of it that is to be shown. */
const doors: readonly [string, (api: RunningApi, id: string) => Promise<string>, string][] = [
  ['/v1/jobs', (api, id) => textOf(api.call('GET', `/v1/jobs/${id}`)), '/video.mp4'],
  ['/v1/videos', (api, id) => textOf(api.call('GET', `/v1/videos/${id}`)), '/video.mp4'],
  ['a list of /v1/videos', (api) => textOf(api.call('GET', '/v1/videos')), '/video.mp4'],
  [
    "the provider's wire",
    (api, id) => textOf(api.call('GET', `/v2/video/generations?generation_id=${id}`)),
    '/video.mp4',
  ],
  ['an action', (api, id) => textOf(api.call('GET', `/librechat/actions/videos/${id}`)), '/video.mp4'],
  ['a tool', async (api, id) => JSON.stringify(await calledTool(api, id)), '/video.mp4'],
  ['a chat', (api) => textOf(api.call('POST', '/v1/chat/completions', { body: chat, headers })), '/poster.jpg'],
];

const headers = { 'idempotency-key': 'the-same' };
const chat = { model: newJob.model, stream: true, messages: [{ role: 'user', content: newJob.prompt }] };

async function calledTool(api: RunningApi, id: string) {
  await using mcp = await connectAsLibreChat(api.url, { authorization: `Bearer ${clientKey}` });
  return await mcp.call('get_video_job', { id });
}

describe('links are for the browsers of people, who may know another address than the program that asks', () => {
  test.each(doors)('%s tells the public one', async (_door, read, path) => {
    await using api = await startApi({ settings: { publicBaseUrl } });
    const id = await api.create({ ...newJob, parameters: {} }, headers);
    const { watchSecret } = await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const answer = await read(api, id);
    expect(answer).toContain(`${publicBaseUrl}/v/${id.slice('video_'.length)}${watchSecret}${path}`);
    expect(answer).not.toContain(api.url);
  });
});
