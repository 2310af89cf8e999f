import { connectRedis } from '@video-proxy/redis';
import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';

// Everything here dies by SIGKILL: no handler runs, nothing is flushed.

const takeoverMs = 60_000;

test(
  'a worker killed while the provider generates: the next one goes on, and nothing is paid twice',
  async () => {
    await using installation = await startInstallation();
    const { sandbox } = installation;
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const jobs = await Promise.all(['one', 'two', 'three'].map((name) => api.create(`${name} [sandbox:slow=3]`)));
    await expect.poll(() => sandbox.control.creates().accepted).toBe(3);
    worker.signal('SIGKILL');
    await worker.exited;
    await installation.startWorker();
    for (const { id } of jobs) expect((await api.ended(id)).status).toBe('completed');
    expect(sandbox.control.creates()).toMatchObject({ received: 3, accepted: 3 });
  },
  takeoverMs,
);

test(
  'a worker killed before the answer to a paid request: the generation is found and followed, not sent again',
  async () => {
    await using installation = await startInstallation();
    const { sandbox } = installation;
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const { id } = await api.create('a kite [sandbox:answer-delay=20]');
    await expect.poll(() => sandbox.control.creates().accepted).toBe(1);
    worker.signal('SIGKILL');
    await worker.exited;
    await installation.startWorker();
    expect((await api.ended(id)).status).toBe('completed');
    expect(sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
    const history = await fetch(`${api.url}/v1/jobs/${id}/events`).then((response) => response.text());
    expect(history).toContain('event: submit_lost');
  },
  takeoverMs,
);

test(
  'a worker killed in the middle of a download: the file is fetched again and is whole',
  async () => {
    await using installation = await startInstallation();
    const { sandbox } = installation;
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    sandbox.control.script('download', 'file-stall', 1);
    const { id } = await api.create('a kite [sandbox:file-stall]');
    await sandbox.control.waitForRequest(({ kind }) => kind === 'download', 15_000);
    worker.signal('SIGKILL');
    await worker.exited;
    await installation.startWorker();
    const job = await api.ended(id);
    expect(job.status).toBe('completed');
    const file = await fetch(job.video?.url ?? '').then((response) => response.arrayBuffer());
    expect(file.byteLength).toBe(job.video?.bytes);
  },
  takeoverMs,
);

test(
  'Redis killed and started again under a running service: every accepted job ends',
  async () => {
    await using installation = await startInstallation();
    const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const jobs = await Promise.all(
      Array.from({ length: 10 }, (_, index) => api.create(`kite ${index} [sandbox:slow=2]`)),
    );
    await installation.crashRedis();
    for (const { id } of jobs) expect((await api.ended(id)).status).toBe('completed');
    expect(installation.sandbox.control.creates()).toMatchObject({ received: 10, accepted: 10 });
  },
  takeoverMs,
);

test(
  'the queue emptied by hand under a running service: every job goes on, and nothing is sent again',
  async () => {
    await using installation = await startInstallation({ SUBMIT_CONCURRENCY: '1' });
    const { sandbox } = installation;
    const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const words = ['slow=3', 'slow=3', 'answer-delay=2', 'slow=0', 'slow=0'];
    const jobs = await Promise.all(words.map((word) => api.create(`a kite [sandbox:${word}]`)));
    await expect.poll(() => sandbox.control.creates().accepted).toBeGreaterThan(1);
    const redis = connectRedis(installation.redis.url, { role: 'blocking', onError: () => {} });
    const keys = (await redis.keys('{vp}:*')).filter((key) => /^\{vp\}:(submit|poll|store):/.test(key));
    await redis.del(...keys);
    redis.disconnect();
    for (const { id } of jobs) expect((await api.ended(id)).status).toBe('completed');
    expect(sandbox.control.creates()).toMatchObject({ received: 5, accepted: 5 });
  },
  takeoverMs,
);

test(
  'an API killed after its 202: the job goes on, and another API shows it',
  async () => {
    await using installation = await startInstallation();
    const first = await installation.startApi();
    const { id } = await first.create('a kite');
    first.process.signal('SIGKILL');
    await first.process.exited;
    await installation.startWorker();
    const second = await installation.startApi();
    expect((await second.ended(id)).status).toBe('completed');
  },
  takeoverMs,
);

test(
  'asked to end, both processes finish what they hold and exit 0',
  async () => {
    await using installation = await startInstallation();
    const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const { id } = await api.create('a kite [sandbox:answer-delay=2]');
    await expect.poll(() => installation.sandbox.control.creates().accepted).toBe(1);
    expect(await Promise.all([api.process.close(), worker.close()])).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    const [later] = await Promise.all([installation.startApi(), installation.startWorker()]);
    expect((await later.ended(id)).status).toBe('completed');
    const history = await fetch(`${later.url}/v1/jobs/${id}/events`).then((response) => response.text());
    expect(history).not.toContain('submit_lost');
  },
  takeoverMs,
);
