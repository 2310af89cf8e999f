import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';

const model = 'google/veo-3.1-t2v';

function clientOf(api: Api, user = 'u-1') {
  return new OpenAI({
    baseURL: `${api.url}/v1`,
    apiKey: 'key-of-the-chat',
    maxRetries: 0,
    defaultHeaders: { 'x-librechat-user-id': user },
  });
}

async function chat(client: OpenAI, content: string, messages: { role: 'user'; content: string }[] = []) {
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    messages: [...messages, { role: 'user', content }],
  });
  const said = { content: '', reasoning: '', finish: null as string | null };
  for await (const { choices } of stream) {
    const [choice] = choices;
    said.content += choice?.delta.content ?? '';
    said.reasoning += (choice?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? '';
    said.finish = choice?.finish_reason ?? said.finish;
  }
  return said;
}

describe('a chat model that makes videos', { timeout: 60_000 }, () => {
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    installation = await startInstallation({ CLIENT_KEYS: 'chat=key-of-the-chat' });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  test('seven identical requests are one job, which all of them follow to its end', async () => {
    const client = clientOf(api);
    const answers = await Promise.all(Array.from({ length: 7 }, () => chat(client, 'a kite [sandbox:slow=2]')));
    expect(new Set(answers.map(({ content }) => content)).size).toBe(1);
    expect(answers.map(({ finish }) => finish)).toEqual(answers.map(() => 'stop'));
    expect(installation.sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
    // Another user with the same words wants a video of their own.
    await chat(clientOf(api, 'u-2'), 'a kite [sandbox:slow=2]');
    expect(installation.sandbox.control.creates().accepted).toBe(2);
  });

  test('nothing is paid for a title, a thank-you or a question', async () => {
    const client = clientOf(api);
    const before = installation.sandbox.control.creates().received;
    const title = await client.chat.completions.create({
      model,
      messages: [
        { role: 'user', content: 'Provide a concise, 5-word-or-less title for the conversation.\n\nUser: a kite' },
      ],
    });
    expect(title.choices[0]?.message.content).toBeTruthy();
    const earlier = [{ role: 'user' as const, content: 'a kite' }];
    for (const text of ['thanks', 'continue', 'How long does it take?']) {
      expect((await chat(client, text, earlier)).content).toContain('Nothing was started');
    }
    expect(installation.sandbox.control.creates().received).toBe(before);
  });

  test('a wrong parameter is 400, which LibreChat does not repeat, and only an unknown model 404', async () => {
    const client = clientOf(api);
    await expect(chat(client, 'a kite --duration 7')).rejects.toMatchObject({ status: 400 });
    const unknown = client.chat.completions.create({
      model: 'no-such',
      messages: [{ role: 'user', content: 'a kite' }],
    });
    await expect(unknown).rejects.toMatchObject({ status: 404 });
    await expect(client.chat.completions.create({ model, messages: [] })).rejects.toMatchObject({ status: 400 });
  });

  test('without a stream the answer comes when the video is there', async () => {
    const answer = await clientOf(api).chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'a kite' }],
    });
    expect(answer.choices[0]?.message.content).toContain('/v/');
  });
});
