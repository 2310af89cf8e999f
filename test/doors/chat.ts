import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { type Conversation, chatKey, type Door, headersOf, idIn, linksIn, model } from './door.ts';

/** A chat model, as LibreChat's custom endpoint talks to one. */
export const chatDoor: Door = {
  name: 'chat completions',
  async enter(api, user): Promise<Conversation> {
    const headers = headersOf(user);
    const client = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: chatKey, maxRetries: 0, defaultHeaders: headers });

    return {
      headers,
      async ask(prompt, duration) {
        const chunks = chunksOf(client, `${prompt} --duration ${duration}`, user.name);
        let reasoning = '';
        try {
          while (idIn(reasoning) === null) reasoning += (await chunks.next()).value?.reasoning ?? '';
        } catch (error) {
          if (error instanceof OpenAI.APIError)
            return { id: null, said: error.message, end: () => Promise.reject(error) };
          throw error;
        }
        return { id: idIn(reasoning), said: reasoning, end: () => end(chunks) };
      },
      // There is nothing but the conversation.
      list: null,
      tryAll: async () => [],
      async [Symbol.asyncDispose]() {},
    };
  },
};

async function* chunksOf(client: OpenAI, content: string, user: string) {
  const stream = await client.chat.completions.create(
    { model, user, stream: true, messages: [{ role: 'user', content }] },
    { headers: { 'x-librechat-message-id': randomUUID(), 'x-librechat-conversation-id': randomUUID() } },
  );
  for await (const { choices } of stream) {
    const delta: { content?: string | null; reasoning_content?: string } = choices[0]?.delta ?? {};
    yield { content: delta.content ?? '', reasoning: delta.reasoning_content ?? '' };
  }
}

async function end(chunks: ReturnType<typeof chunksOf>) {
  let [said, meanwhile] = ['', ''];
  for await (const { content, reasoning } of chunks) {
    said += content;
    meanwhile += reasoning;
  }
  return { said, meanwhile, links: linksIn(said) };
}
