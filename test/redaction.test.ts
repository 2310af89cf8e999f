import type { VideoJobWire } from '@video-proxy/contracts';
import { connectRedis, type RedisConnection, untilReady } from '@video-proxy/redis';
import { startWebhookReceiver, type WebhookReceiver } from '@video-proxy/testkit';
import type { SpawnedProcess } from '@video-proxy/testkit/processes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Api, type OwnRedisInstallation, providerKey, startInstallation } from './installation.ts';
import { scrapeWorker } from './scrape.ts';

/** What must be nowhere but where it is used. */
const keys = {
  'the provider key': providerKey,
  'a client key': 'client-key-Zanzibar',
  "the operators' key": 'operator-key-Samarkand',
  'the key of those who look': 'operator-key-Trebizond',
  'the secret of webhooks': 'whsec_VGltYnVrdHUtVGltYnVrdHUtVGltYnVrdHU=',
  'a wrong key': 'wrong-key-Antananarivo',
} as const;
/** What belongs into the record of a job, and into no line of a log. */
const privateWords = {
  'a prompt': 'a paper lantern above Valparaiso',
  'the secret part of a receiver': 'token-of-Ouagadougou',
  'what an operator gave as a reason': 'because of Mrs Miller of Reykjavik',
} as const;

const ops = { authorization: `Bearer ${keys["the operators' key"]}` };
const client = { authorization: `Bearer ${keys['a client key']}`, 'content-type': 'application/json' };
const inTime = { timeout: 20_000, interval: 50 };

describe('secrets and private words', { timeout: 90_000 }, () => {
  let receiver: WebhookReceiver;
  let installation: OwnRedisInstallation;
  let api: Api;
  /** The one that was killed, and its successor. */
  const workers: SpawnedProcess[] = [];
  const tokens: string[] = [];

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    installation = await startInstallation({
      CLIENT_KEYS: `shop=${keys['a client key']}`,
      OPS_KEY: keys["the operators' key"],
      OPS_READ_KEY: keys['the key of those who look'],
      WEBHOOK_SECRET: keys['the secret of webhooks'],
      OUTBOUND_ALLOWED_HOSTS: new URL(receiver.url).host,
      LOG_LEVEL: 'trace',
      WORKER_METRICS_PORT: '0',
    });
    const [first, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    api = first;
    workers.push(worker);
    await goThroughEverything();
  }, 90_000);

  afterAll(async () => {
    await installation[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  async function create(words: string, extra: object = {}): Promise<VideoJobWire> {
    const prompt = `${privateWords['a prompt']} ${words}`;
    const body = JSON.stringify({ model: 'google/veo-3.1-t2v', prompt, parameters: { duration: 4 }, ...extra });
    const response = await fetch(`${api.url}/v1/jobs`, { method: 'POST', headers: client, body });
    return (await response.json()) as VideoJobWire;
  }

  /** Success, every kind of failure, bad input, wrong keys, orders of operators, and the death of a worker. */
  async function goThroughEverything(): Promise<void> {
    const webhookUrl = `${receiver.url}?token=${privateWords['the secret part of a receiver']}`;
    receiver.answer(500);
    const done = await api.ended((await create('', { webhook_url: webhookUrl })).id, client);
    tokens.push(done.links.watch.split('/').at(-1) ?? '');
    await fetch(done.video?.url ?? '');
    await vi.waitFor(() => expect(receiver.calls.length).toBeGreaterThan(0), inTime);
    const deliveries = await (await fetch(`${api.url}/v1/jobs/${done.id}/deliveries`, { headers: client })).json();
    const { data } = deliveries as { data: readonly { id: string }[] };
    await fetch(`${api.url}/ops/api/deliveries/${data[0]?.id}/resend`, { method: 'POST', headers: ops });
    for (const words of ['[sandbox:moderation]', '[sandbox:fails]', '[sandbox:file-html]', '[sandbox:lost-answer]']) {
      await api.ended((await create(words)).id, client);
    }
    await create('', { webhook_url: `https://10.0.0.1/?token=${privateWords['the secret part of a receiver']}` });
    await create('', { parameters: { duration: 'no number' } });
    await fetch(`${api.url}/v1/jobs`, {
      method: 'POST',
      headers: client,
      body: `{"prompt":"${privateWords['a prompt']}`,
    });
    const wrong = { authorization: `Bearer ${keys['a wrong key']}` };
    for (const path of ['/v1/jobs', '/ops/api/overview', '/metrics'])
      await fetch(`${api.url}${path}`, { headers: wrong });
    await fetch(`${api.url}/v1/chat/completions`, {
      method: 'POST',
      headers: client,
      body: JSON.stringify({ model: 'x', messages: [{ role: 'user', content: privateWords['a prompt'] }] }),
    });
    const reason = privateWords['what an operator gave as a reason'];
    for (const order of ['pause', 'resume']) {
      await fetch(`${api.url}/ops/api/dispatch/${order}`, {
        method: 'POST',
        headers: { ...ops, 'content-type': 'application/json' },
        body: JSON.stringify({ reason }),
      });
    }
    installation.sandbox.control.script('create', 'incident', 1_000);
    const refused = await create('');
    await vi.waitFor(async () => {
      const { hold, error } = await api.read(refused.id, 0, client);
      expect(hold ?? error).not.toBeNull();
    }, inTime);
    workers[0]?.signal('SIGKILL');
    await workers[0]?.exited;
    await installation.crashRedis();
    workers.push(await installation.startWorker());
  }

  const found = (text: string, words: Readonly<Record<string, string>>) =>
    Object.entries(words)
      .filter(([, word]) => text.includes(word))
      .map(([name]) => name);

  test('stand in no line of any log, at the most talkative level', () => {
    const text = [api.process, ...workers].flatMap(({ stdout, stderr }) => [...stdout, ...stderr]).join('\n');
    expect(text).toContain('"requestId"');
    expect(text).toContain('"event":"webhook_resend_requested"');
    expect(found(text, { ...keys, ...privateWords })).toEqual([]);
    expect(tokens.filter((token) => token === '' || text.includes(token))).toEqual([]);
    expect(text).not.toMatch(/\/generations\/[^"\s]*\.mp4/);
  });

  test('stand in no metric', async () => {
    const response = await fetch(`${api.url}/metrics`, { headers: ops });
    const successor = workers.at(-1);
    const ofWorker = successor === undefined ? '' : await scrapeWorker(successor, keys['the key of those who look']);
    const text = (await response.text()) + ofWorker;
    expect(text).toContain('video_proxy_jobs{');
    expect(text).toContain('video_proxy_webhook_deliveries_total{');
    expect(found(text, { ...keys, ...privateWords })).toEqual([]);
    expect(tokens.filter((token) => token === '' || text.includes(token))).toEqual([]);
  });

  test('are not in Redis, as far as they are keys', async () => {
    const redis = connectRedis(installation.environment['REDIS_URL'] ?? '', { role: 'request', onError: () => {} });
    try {
      await untilReady(redis, 5_000);
      const text = (await contentsOf(redis)).join('\n');
      expect(text).toContain(privateWords['a prompt']);
      expect(found(text, keys)).toEqual([]);
    } finally {
      redis.disconnect();
    }
  });

  test('do not come back in answers about failures', async () => {
    const response = await fetch(`${api.url}/ops/api/jobs?status=failed`, { headers: ops });
    const text = await response.text();
    expect(text).toContain('"failed"');
    expect(found(text, keys)).toEqual([]);
    expect(text).not.toContain(privateWords['the secret part of a receiver']);
  });
});

/** Every value, as text. */
async function contentsOf(redis: RedisConnection): Promise<string[]> {
  const names = await redis.keys('*');
  const readers: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    string: (name) => redis.get(name),
    list: (name) => redis.lrange(name, 0, -1),
    set: (name) => redis.smembers(name),
    hash: (name) => redis.hgetall(name),
    zset: (name) => redis.zrange(name, '0', '-1'),
    stream: (name) => redis.xrange(name, '-', '+'),
  };
  const values = names.map(async (name) => JSON.stringify(await readers[await redis.type(name)]?.(name)));
  return [...names, ...(await Promise.all(values))];
}
