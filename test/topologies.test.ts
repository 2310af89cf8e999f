import type { VideoJobWire } from '@video-proxy/contracts';
import { hasRedisServerProgram, startCluster, startSentinel } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { fulfil } from '../chaos/customer.ts';
import { observe } from '../chaos/observe.ts';
import { seeToTheEnd } from '../chaos/patience.ts';
import { diceFrom } from '../chaos/random.ts';
import { brokenRules } from '../chaos/rules.ts';
import { ordinaryWish } from '../chaos/wishes.ts';
import { type Api, type Installation, startInstallation } from './installation.ts';

const boundMs = 120_000;
const onAny = describe.skipIf(!(await hasRedisServerProgram()));

onAny.each([
  { topology: 'on a Cluster of three nodes', start: startCluster },
  { topology: 'behind a Sentinel', start: async () => (await startSentinel()).url },
])('$topology', ({ start }) => {
  test(
    'a video is made, a rejected key holds the others until it is accepted, a cancelled one ends, a dead worker is replaced',
    async () => {
      await using installation = await startInstallation({ REDIS_URL: await start() });
      const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);

      const { id } = await api.create('a kite');
      expect(await api.ended(id)).toMatchObject({ status: 'completed', video: { bytes: expect.any(Number) } });
      await holdAndResume(installation, api);

      const { accepted } = installation.sandbox.control.creates();
      const jobs = await Promise.all(['one', 'two', 'three'].map((name) => api.create(`${name} [sandbox:slow=3]`)));
      const [unwanted, ...wanted] = jobs;
      await expect.poll(() => installation.sandbox.control.creates().accepted).toBe(accepted + jobs.length);
      const cancelled = await fetch(`${api.url}/v1/jobs/${unwanted?.id}/cancel`, { method: 'POST' });
      expect((await cancelled.json()) as VideoJobWire).toMatchObject({ phase: 'cancelling' });
      worker.signal('SIGKILL');
      await worker.exited;
      await installation.startWorker();
      for (const job of wanted) expect((await api.ended(job.id)).status).toBe('completed');
      expect(await api.ended(unwanted?.id ?? '')).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
      expect(installation.sandbox.control.creates().accepted).toBe(accepted + jobs.length);
    },
    boundMs,
  );
});

async function holdAndResume({ sandbox }: Installation, api: Api): Promise<void> {
  sandbox.control.script('create', 'incident');
  sandbox.control.script('billing', 'incident');
  const refused = await api.create('a red balloon');
  expect(await api.ended(refused.id)).toMatchObject({ status: 'failed', error: { code: 'provider_auth_failed' } });
  const waiting = await api.create('a blue balloon');
  expect(await api.ended(waiting.id)).toMatchObject({ status: 'completed', hold: null });
}

const owner = { name: 'ada', key: 'client-key-of-ada' };
const jobsUnderLoad = 30;
const beforeTheKill = 5;

onAny('behind a Sentinel', () => {
  test(
    'the primary dies under load: every job ends, and nothing is paid twice',
    async () => {
      const redis = await startSentinel();
      await using installation = await startInstallation({
        REDIS_URL: redis.url,
        CLIENT_KEYS: `${owner.name}=${owner.key}`,
      });
      const { sandbox } = installation;
      const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
      const wishes = Array.from({ length: jobsUnderLoad }, (_, index) => ordinaryWish(owner, index));
      const answers = { byStatus: new Map<number, number>(), nothing: 0, replays: 0 };
      const over = new AbortController();
      const counter = { url: api.url, answers, dice: diceFrom(1), aging: over.signal, over: over.signal };

      const fulfilled = wishes.map((wish) => fulfil(wish, counter));
      await expect.poll(() => sandbox.control.creates().accepted).toBeGreaterThan(beforeTheKill);
      redis.primary.signal('SIGKILL');
      const processes = [api.process, worker];
      const replaceWorkers = async (changes: Readonly<Record<string, string>>) => {
        await worker.close();
        processes.push(await installation.startWorker(changes));
      };
      await seeToTheEnd(wishes, sandbox, { boundMs: boundMs / 2, replaceWorkers });
      over.abort();
      await Promise.all(fulfilled);

      const logLines = () => processes.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]);
      const scene = { fleet: { url: api.url, logLines }, sandbox, owners: [owner], wishes, answers };
      expect(brokenRules(await observe(scene))).toEqual([]);
    },
    boundMs,
  );
});
