import { openOutboundAgent, openWebhookCaller } from '@video-proxy/outbound';
import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import OpenAI from 'openai';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const newSecret = 'whsec_bmV3LXNlY3JldC1vZi10aGUtcmVjZWl2ZXI=';
const body = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  created_at: 1,
  type: 'video.completed',
  data: { id: 'v' },
});
const never = new AbortController().signal;

async function opened({ secrets = [secret], timeoutMs = 5_000, allowed = true } = {}) {
  const receiver = await startWebhookReceiver();
  const agent = openOutboundAgent({ allowedOrigins: allowed ? [receiver.origin] : [] });
  onTestFinished(async () => {
    await agent.destroy();
    await receiver[Symbol.asyncDispose]();
  });
  const caller = openWebhookCaller({ agent, secrets, userAgent: 'video-proxy/1.2.3', timeoutMs });
  const call = (url = receiver.url) =>
    caller.call({ url, id: 'evt_1', jobId: 'video_1', body, atMs: Date.now() }, never);
  return { receiver, call };
}

const headersOf = ({ calls }: WebhookReceiver) => calls[0]?.headers as Record<string, string>;

test('the SDK of OpenAI and the library of Standard Webhooks accept what is sent', async () => {
  const { receiver, call } = await opened();
  expect(await call()).toEqual({ kind: 'answered', statusCode: 200 });
  const [sent] = receiver.calls;
  const openai = new OpenAI({ apiKey: 'any' });
  expect(await openai.webhooks.unwrap(sent?.body ?? '', headersOf(receiver), secret)).toEqual(JSON.parse(body));
  expect(new Webhook(secret).verify(sent?.body ?? '', headersOf(receiver))).toEqual(JSON.parse(body));
  expect(sent?.headers).toMatchObject({ 'webhook-id': 'evt_1', 'content-type': 'application/json' });
  expect(sent?.headers['user-agent']).toBe('video-proxy/1.2.3');
});

test('a receiver that does not know the secret refuses it', async () => {
  const { receiver, call } = await opened();
  await call();
  expect(() => new Webhook(newSecret).verify(receiver.calls[0]?.body ?? '', headersOf(receiver))).toThrow();
});

test('while the secret is changed, receivers with the old and with the new one accept it', async () => {
  const { receiver, call } = await opened({ secrets: [newSecret, secret] });
  await call();
  for (const known of [secret, newSecret]) {
    expect(new Webhook(known).verify(receiver.calls[0]?.body ?? '', headersOf(receiver))).toEqual(JSON.parse(body));
  }
});

test('a redirect is an answer and not a way to somewhere else', async () => {
  const { receiver, call } = await opened();
  await using elsewhere = await startWebhookReceiver();
  receiver.answer((response) => response.writeHead(307, { location: elsewhere.url }).end());
  expect(await call()).toEqual({ kind: 'answered', statusCode: 307 });
  expect(elsewhere.calls).toEqual([]);
});

test('a receiver inside a private network is not called, and the finding says what would allow it', async () => {
  const { receiver, call } = await opened({ allowed: false });
  expect(await call()).toMatchObject({ kind: 'unreached', finding: expect.stringContaining('OUTBOUND_ALLOWED_HOSTS') });
  expect(receiver.calls).toEqual([]);
});

test('a receiver that does not answer is given up after a time', async () => {
  const { receiver, call } = await opened({ timeoutMs: 100 });
  receiver.answer(() => undefined);
  expect(await call()).toEqual({ kind: 'unreached', finding: 'no answer within 0.1 s', code: 'timeout' });
});

test('an answer whose body never ends is taken by its status', async () => {
  const { receiver, call } = await opened();
  receiver.answer((response) => {
    response.writeHead(200);
    response.write('still talking');
  });
  expect(await call()).toEqual({ kind: 'answered', statusCode: 200 });
});

test('a receiver that is not there is told from one that hangs up', async () => {
  const { receiver, call } = await opened();
  receiver.answer((response) => response.destroy());
  expect(await call()).toMatchObject({ finding: 'it closed the connection without an answer' });
  await receiver[Symbol.asyncDispose]();
  expect(await call()).toMatchObject({ finding: 'it refuses connections' });
});
