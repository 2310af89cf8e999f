import { startTcpProxy, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { accepted, rejected, started, wayToCompletion } from './events.ts';
import { type RunningApi, startApi } from './running-api.ts';

const model = 'google/veo-3.1-t2v';

interface Said extends AsyncDisposable {
  readonly response: Response;
  /** Of the job, as the first lines tell it. */
  readonly id: string;
  /** The rest, up to a text or to the end. */
  until(text: RegExp | null): Promise<string>;
}

/** A chat of one message, up to its first lines. */
async function say(api: RunningApi, content: unknown, headers: Record<string, string> = {}, of = model): Promise<Said> {
  const leaving = new AbortController();
  const body = { model: of, stream: true, messages: [{ role: 'user', content }] };
  const { signal } = leaving;
  const response = await api.call('POST', '/v1/chat/completions', { body, headers, signal });
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (text: RegExp | null) => {
    let read = '';
    for (;;) {
      const { done, value } = (await chunks?.read()) ?? { done: true, value: undefined };
      if (done) return read;
      read += value;
      if (text?.test(read)) return read;
    }
  };
  const first = await until(/video_[0-9a-z]{26}/);
  const [id = expect.fail(`an id in ${first}`)] = /video_[0-9a-z]{26}/.exec(first) ?? [];
  return { response, id, until, [Symbol.asyncDispose]: async () => leaving.abort() };
}

describe('an answer in a chat', () => {
  test('begins while the video waits its turn, and ends with the video', async () => {
    await using api = await startApi();
    await using said = await say(api, 'a kite');
    expect(said.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect((await api.ledger.jobs.get(said.id))?.lifecycle.state).toBe('queued');
    await api.happen(said.id, ...wayToCompletion(`${said.id}.mp4`));
    expect(await said.until(null)).toMatch(/poster\.jpg.*"finish_reason":"stop".*data: \[DONE\]\n\n$/s);
  });

  test('that the user stops leaves the video alone', async () => {
    await using api = await startApi();
    const said = await say(api, 'a kite');
    await api.happen(said.id, started, accepted);
    await said.until(/generating/);
    await said[Symbol.asyncDispose]();
    // The message comes again, and its answer goes on where the video is by now.
    await using again = await say(api, 'a kite');
    expect(again.id).toBe(said.id);
    expect((await api.ledger.jobs.get(said.id))?.lifecycle.state).toBe('generating');
  });

  test('that is cut short because the service ends says where the video will be', async () => {
    await using api = await startApi();
    await using said = await say(api, 'a kite');
    await api.happen(said.id, started, accepted);
    const rest = said.until(null);
    await api.closeServer();
    expect(await rest).toMatch(/still being made[^"]*\/v\/[^"]+".*"finish_reason":"stop".*data: \[DONE\]\n\n$/s);
  });

  test('is about a new video when the message is another one, or the last video failed for free', async () => {
    await using api = await startApi();
    await using said = await say(api, 'a kite', { 'x-librechat-message-id': 'm-1' });
    await using other = await say(api, 'a kite', { 'x-librechat-message-id': 'm-2' });
    await using unnamed = await say(api, 'a kite');
    await api.happen(unnamed.id, started, rejected);
    await using anew = await say(api, 'a kite');
    expect(new Set([said.id, other.id, unnamed.id, anew.id]).size).toBe(4);
  });

  test.each([
    ['google/veo-3.1-i2v', { image_url: 'https://example.com/a.png' }],
    ['luma/ray-2', { keyframes: { frame0: { type: 'image', url: 'https://example.com/a.png' } } }],
  ])('of %s begins with the picture that was sent along', async (of, parameters) => {
    await using api = await startApi();
    const content = [
      { type: 'text', text: 'it moves' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    ];
    await using said = await say(api, content, {}, of);
    expect(await api.ledger.jobs.get(said.id)).toMatchObject({ prompt: 'it moves', parameters });
  });

  test('that is refused names the request in its words, because chat apps show nothing else', async () => {
    await using api = await startApi();
    const wrong = { model, messages: [{ role: 'user', content: 'a kite --duration 7' }] };
    const response = await api.call('POST', '/v1/chat/completions', { body: wrong });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringMatching(/duration.*Request id: req_/s), param: 'duration' },
    });
  });
});

// Each waits ten seconds for the silence to be noticed. One after the other: the keys of a test go when the test that runs ends.
describe('a silent answer in a chat', { timeout: 60_000 }, () => {
  test('is kept alive', async () => {
    await using api = await startApi();
    // It waits its turn and nobody is there to take it: its line stays the same.
    await using said = await say(api, 'a kite');
    expect(await said.until(/: keep-alive\n\n/)).toContain(': keep-alive');
  });

  test('tells in the stream when the job store is away, and that the video goes on', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    await using api = await startApi({ redisUrl: proxy.url });
    await using said = await say(api, 'a kite');
    await proxy.cut();
    const told = await said.until(null);
    expect(told).toMatch(/data: \{"error":\{"message":"This service cannot reach its job store/);
    expect(told).toContain(`(${said.id}) goes on`);
    await proxy.resume();
  });
});
