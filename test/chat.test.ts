import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { type Api, startInstallation } from './installation.ts';

const model = 'google/veo-3.1-t2v';
const settings = { CLIENT_KEYS: 'chat=key-of-the-chat' };
const timeout = 60_000;

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

test('a wish is answered with progress, then a picture and a link that plays', { timeout }, async () => {
  await using installation = await startInstallation(settings);
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const said = await chat(clientOf(api), 'a kite --duration 4');
  expect(said.finish).toBe('stop');
  expect(said.reasoning).toMatch(/^video_[0-9a-z]{26}\nhttp/);
  const [, poster = '', link = ''] = /\[!\[video\]\((\S+)\)\]\((\S+)\)/.exec(said.content) ?? [];
  expect((await fetch(poster)).headers.get('content-type')).toBe('image/jpeg');
  const film = await fetch(`${link}/video.mp4`, { headers: { range: 'bytes=4-7' } });
  expect(await film.text()).toBe('ftyp');
});

test('seven identical requests are one job, which all of them follow to its end', { timeout }, async () => {
  await using installation = await startInstallation(settings);
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const client = clientOf(api);
  const answers = await Promise.all(Array.from({ length: 7 }, () => chat(client, 'a kite [sandbox:slow=2]')));
  expect(new Set(answers.map(({ content }) => content)).size).toBe(1);
  expect(installation.sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
  // Another user with the same words wants a video of their own.
  await chat(clientOf(api, 'u-2'), 'a kite [sandbox:slow=2]');
  expect(installation.sandbox.control.creates().accepted).toBe(2);
});

test('nothing is paid for a title, a thank-you or a question', { timeout }, async () => {
  await using installation = await startInstallation(settings);
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const client = clientOf(api);
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
  expect(installation.sandbox.control.creates().received).toBe(0);
});

test('a failure is a sentence with the request ids; a wrong parameter is 400, an unknown model 404', {
  timeout,
}, async () => {
  await using installation = await startInstallation(settings);
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const client = clientOf(api);
  await expect(chat(client, 'a kite --duration 7')).rejects.toMatchObject({ status: 400 });
  const unknown = client.chat.completions.create({ model: 'no-such', messages: [{ role: 'user', content: 'a kite' }] });
  await expect(unknown).rejects.toMatchObject({ status: 404 });
  await expect(client.chat.completions.create({ model, messages: [] })).rejects.toMatchObject({ status: 400 });

  installation.sandbox.control.script('create', 'incident');
  installation.sandbox.control.script('billing', 'incident');
  const said = await chat(client, 'a kite');
  expect(said.content).toContain("rejected this service's API key");
  expect(said.content).toContain('hRNOI9BMsuLeZ76UNdGhS');
});

test('without a stream the answer comes when the video is there', { timeout }, async () => {
  await using installation = await startInstallation(settings);
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const answer = await clientOf(api).chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'a kite' }],
  });
  expect(answer.choices[0]?.message.content).toContain('/v/');
});
