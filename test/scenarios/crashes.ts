import { connectRedis } from '@video-proxy/redis';
import { expect, vi } from 'vitest';
import type { Scenario } from './scenario.ts';

const patience = { timeout: 30_000 };

/** Everything here dies by SIGKILL: no handler runs, nothing is flushed. */
export const crashes: readonly Scenario[] = [
  {
    title: 'a worker killed while the provider generates: the next one goes on, and nothing is paid twice',
    async play({ sandbox, startApi, startWorker }) {
      const [api, worker] = await Promise.all([startApi(), startWorker()]);
      const jobs = await Promise.all(['one', 'two', 'three'].map((name) => api.create(`${name} [sandbox:slow=3]`)));
      await vi.waitFor(() => expect(sandbox.control.creates().accepted).toBe(3), patience);
      worker.signal('SIGKILL');
      await worker.exited;
      await startWorker();
      for (const { id } of jobs) expect((await api.ended(id)).status).toBe('completed');
      expect(sandbox.control.creates()).toMatchObject({ received: 3, accepted: 3 });
    },
  },
  {
    title: 'a worker killed before the answer to a paid request: the generation is found and followed, not sent again',
    async play({ sandbox, startApi, startWorker }) {
      const [api, worker] = await Promise.all([startApi(), startWorker()]);
      const { id } = await api.create('a kite [sandbox:answer-delay=20]');
      await vi.waitFor(() => expect(sandbox.control.creates().accepted).toBe(1), patience);
      worker.signal('SIGKILL');
      await worker.exited;
      await startWorker();
      expect((await api.ended(id)).status).toBe('completed');
      expect(sandbox.control.creates()).toMatchObject({ received: 1, accepted: 1 });
      const history = await fetch(`${api.url}/v1/jobs/${id}/events`).then((response) => response.text());
      expect(history).toContain('event: submit_lost');
    },
  },
  {
    title: 'a worker killed in the middle of a download: the file is fetched again and is whole',
    async play({ sandbox, startApi, startWorker }) {
      const [api, worker] = await Promise.all([startApi(), startWorker()]);
      sandbox.control.script('download', 'file-stall', 1);
      const { id } = await api.create('a kite [sandbox:file-stall]');
      await sandbox.control.waitForRequest(({ kind }) => kind === 'download', patience.timeout);
      worker.signal('SIGKILL');
      await worker.exited;
      await startWorker();
      const job = await api.ended(id);
      expect(job.status).toBe('completed');
      const file = await fetch(job.video?.url ?? '').then((response) => response.arrayBuffer());
      expect(file.byteLength).toBe(job.video?.bytes);
    },
  },
  {
    title: 'the queue emptied by hand under a running service: every job goes on, and nothing is sent again',
    settings: { SUBMIT_CONCURRENCY: '1' },
    async play({ sandbox, environment, startApi, startWorker }) {
      const [api] = await Promise.all([startApi(), startWorker()]);
      const words = ['slow=3', 'slow=3', 'answer-delay=2', 'slow=0', 'slow=0'];
      const jobs = await Promise.all(words.map((word) => api.create(`a kite [sandbox:${word}]`)));
      await vi.waitFor(() => expect(sandbox.control.creates().accepted).toBeGreaterThan(1), patience);
      await emptyQueues(environment['REDIS_URL'] ?? '');
      for (const { id } of jobs) expect((await api.ended(id)).status).toBe('completed');
      expect(sandbox.control.creates()).toMatchObject({ received: 5, accepted: 5 });
    },
  },
  {
    title: 'an API killed after its 202: the job goes on, and another API shows it',
    async play({ startApi, startWorker }) {
      const first = await startApi();
      const { id } = await first.create('a kite');
      first.process.signal('SIGKILL');
      await first.process.exited;
      await startWorker();
      const second = await startApi();
      expect((await second.ended(id)).status).toBe('completed');
    },
  },
  {
    title: 'asked to end, both processes finish what they hold and exit 0',
    async play({ sandbox, startApi, startWorker }) {
      const [api, worker] = await Promise.all([startApi(), startWorker()]);
      const { id } = await api.create('a kite [sandbox:answer-delay=2]');
      await vi.waitFor(() => expect(sandbox.control.creates().accepted).toBe(1), patience);
      expect(await Promise.all([api.process.close(), worker.close()])).toEqual([
        { code: 0, signal: null },
        { code: 0, signal: null },
      ]);
      const [later] = await Promise.all([startApi(), startWorker()]);
      expect((await later.ended(id)).status).toBe('completed');
      const history = await fetch(`${later.url}/v1/jobs/${id}/events`).then((response) => response.text());
      expect(history).not.toContain('submit_lost');
    },
  },
];

/** In one script, which goes to the node of a Cluster that has the keys. */
async function emptyQueues(redisUrl: string): Promise<void> {
  const redis = connectRedis(redisUrl, { role: 'blocking', onError: () => {} });
  const script = `local deleted = 0
for _, key in ipairs(redis.call('KEYS', '{vp}:*')) do
  if string.find(key, '^{vp}:submit:') or string.find(key, '^{vp}:poll:') or string.find(key, '^{vp}:store:') then
    deleted = deleted + redis.call('DEL', key)
  end
end
return deleted`;
  expect(await redis.eval(script, 1, '{vp}:any')).toBeGreaterThan(0);
  redis.disconnect();
}
