import { connectAsLibreChat } from '@video-proxy/testkit/librechat-mcp-client';
import { type Conversation, type Door, headersOf, idIn, linksIn, model, waitSeconds } from './door.ts';

/** The tools, as LibreChat calls them for a chat model. */
export const mcpDoor: Door = {
  name: 'MCP',
  async enter(api, user): Promise<Conversation> {
    const headers = headersOf(user);
    const mcp = await connectAsLibreChat(api.url, headers);
    const get = (id: string, seconds: number) => mcp.call('get_video_job', { id, wait_seconds: seconds });

    async function end(id: string | null) {
      let meanwhile = '';
      for (;;) {
        const { text, result } = await get(id ?? '', waitSeconds);
        const { status } = (result.structuredContent ?? {}) as { status?: string };
        if (status === 'queued' || status === 'in_progress') meanwhile += `${text}\n`;
        else return { said: text, meanwhile, links: withPlayer(linksIn(text), result.content) };
      }
    }

    return {
      headers,
      async ask(prompt, duration) {
        const { text } = await mcp.call('generate_video', { model, prompt, duration });
        const id = idIn(text);
        return { id, said: text, end: () => end(id) };
      },
      list: async () => {
        const { resources } = await mcp.client.listResources();
        return [(await mcp.call('list_video_jobs', {})).text, ...resources.map(({ uri }) => uri)].join('\n');
      },
      async tryAll(id) {
        const read = async () => JSON.stringify(await mcp.client.readResource({ uri: `video-job://${id}` }));
        return [
          (await get(id, 0)).text,
          (await get(id, 20)).text,
          (await mcp.call('cancel_video_job', { id })).text,
          await read().catch((error: Error) => error.message),
        ];
      },
      [Symbol.asyncDispose]: () => mcp[Symbol.asyncDispose](),
    };
  },
};

/** The file that the player in the answer shows. */
function withPlayer(links: ReturnType<typeof linksIn>, content: unknown) {
  const [, player] = content as readonly { resource?: { mimeType: string; text: string } }[];
  const [, video] = /<video [^>]*src="([^"]+)"/.exec(player?.resource?.text ?? '') ?? [];
  return links === null || video === undefined ? null : { ...links, video };
}
