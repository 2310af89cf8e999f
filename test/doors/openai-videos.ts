import { openaiVideo } from '@video-proxy/contracts';
import OpenAI from 'openai';
import type { Video, VideoSeconds } from 'openai/resources/videos';
import type { Api } from '../installation.ts';
import { type Conversation, chatKey, type Door, headersOf, model, waitSeconds } from './door.ts';

/** The SDK of OpenAI with nothing changed but its base URL and key. */
export const openaiVideosDoor: Door = {
  name: 'OpenAI Videos',
  async enter(api, user): Promise<Conversation> {
    const headers = headersOf(user);
    const client = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: chatKey, maxRetries: 0, defaultHeaders: headers });
    const { videos } = client;

    async function end(id: string) {
      let meanwhile = '';
      for (;;) {
        const video = await videos.retrieve(id);
        if (video.status === 'completed' || video.status === 'failed') {
          return { said: video.error?.message ?? '', meanwhile, links: linksOf(video) };
        }
        meanwhile += `${video.status}\n`;
        await someTimeLater(api, id, headers);
      }
    }

    return {
      headers,
      async ask(prompt, seconds) {
        try {
          const { id, status } = await videos.create({ model, prompt, seconds: String(seconds) as VideoSeconds });
          return { id, said: status, end: () => end(id) };
        } catch (error) {
          if (!(error instanceof OpenAI.APIError)) throw error;
          // What a developer sees of an error of this SDK.
          const said = `${error.message} (request id ${error.requestID})`;
          return { id: null, said, end: () => Promise.reject(error) };
        }
      },
      list: async () => JSON.stringify((await videos.list()).data),
      tryAll: (id) =>
        Promise.all(
          [
            videos.retrieve(id),
            videos.delete(id),
            videos.downloadContent(id),
            videos.downloadContent(id, { variant: 'thumbnail' }),
            videos.remix(id, { prompt: 'at night' }),
          ].map((tried: Promise<unknown>) =>
            tried.then(
              (answer) => JSON.stringify(answer),
              (error: Error) => error.message,
            ),
          ),
        ),
      async [Symbol.asyncDispose]() {},
    };
  },
};

function linksOf(video: Video) {
  const { url, watch_url: watch, poster_url: poster } = openaiVideo.parse(video).video_proxy;
  return url === null || poster === null ? null : { watch, poster, video: url };
}

/** Waits on our own wire, because this one has nothing to wait with. */
async function someTimeLater(api: Api, id: string, headers: Readonly<Record<string, string>>): Promise<void> {
  await fetch(`${api.url}/v1/jobs/${id}?wait_seconds=${waitSeconds}`, { headers });
}
