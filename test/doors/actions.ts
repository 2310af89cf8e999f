import { openapiToFunction, validateAndParseOpenAPISpec } from 'librechat-data-provider';
import { type Conversation, type Door, linksIn, model, waitSeconds } from './door.ts';

interface Executor {
  setParams(params: object): void;
  setAuth(auth: object): Promise<void>;
  execute(): Promise<{ status: number; data: Answer }>;
}

interface Answer {
  readonly status: string;
  readonly message: string;
  readonly id: string | null;
  readonly video_url: string | null;
}

/** As LibreChat does it: its own importer, its own executor. Each action has one key, so users have keys of their own. */
export const actionsDoor: Door = {
  name: 'Actions',
  async enter(api, { ownKey }): Promise<Conversation> {
    const call = await importActions(api.url, ownKey);

    async function end(id: string | null) {
      let meanwhile = '';
      for (;;) {
        const { status, message, video_url } = await call('get_video_job', { id, wait_seconds: waitSeconds });
        if (status === 'queued' || status === 'in_progress') meanwhile += `${message}\n`;
        else {
          const links = linksIn(message);
          return { said: message, meanwhile, links: links && video_url ? { ...links, video: video_url } : null };
        }
      }
    }

    return {
      headers: { authorization: `Bearer ${ownKey}` },
      async ask(prompt, duration) {
        const { id, message } = await call('generate_video', { model, prompt, duration });
        return { id, said: message, end: () => end(id) };
      },
      list: async () => (await call('list_video_jobs', {})).message,
      tryAll: async (id) => [
        (await call('get_video_job', { id })).message,
        (await call('get_video_job', { id, wait_seconds: 20 })).message,
        (await call('cancel_video_job', { id })).message,
      ],
      async [Symbol.asyncDispose]() {},
    };
  },
};

async function importActions(url: string, key: string): Promise<(name: string, params: object) => Promise<Answer>> {
  const text = await (await fetch(`${url}/librechat/openapi.json`)).text();
  const { status, message, spec } = validateAndParseOpenAPISpec(text);
  if (!status || spec === undefined) throw new Error(message);
  const { requestBuilders } = openapiToFunction(spec, true);
  return async (name, params) => {
    const executor = requestBuilders[name]?.createExecutor() as unknown as Executor;
    executor.setParams(params);
    await executor.setAuth({ auth: { type: 'service_http', authorization_type: 'bearer' }, api_key: key });
    // Anything but 200 would throw here, and the model would see nothing of its text.
    return (await executor.execute()).data;
  };
}
