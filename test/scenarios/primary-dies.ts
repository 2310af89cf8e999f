import type { RedisTopology } from '@video-proxy/testkit';
import { expect, vi } from 'vitest';
import { fulfil } from '../../chaos/customer.ts';
import { observe } from '../../chaos/observe.ts';
import { seeToTheEnd } from '../../chaos/patience.ts';
import { diceFrom } from '../../chaos/random.ts';
import { brokenRules } from '../../chaos/rules.ts';
import { ordinaryWish } from '../../chaos/wishes.ts';
import { type Installation, startInstallationOn } from '../installation.ts';

const boundMs = 60_000;
const owner = { name: 'ada', key: 'client-key-of-ada' };
const jobsUnderLoad = 30;
const beforeTheKill = 5;

/** Also one that was refused the second time would be a request too many. */
function sentTwice({ sandbox }: Installation): string[] {
  const requests = Object.entries(sandbox.control.creates().byClientRequestId);
  return requests.filter(([, { received }]) => received !== 1).map(([id]) => id);
}

/**
 * The server that takes the writes dies under load and another one takes its place, perhaps without the last of them: every
 * job ends, and nothing is paid for twice.
 */
export async function primaryDies(redis: RedisTopology): Promise<void> {
  await using installation = await startInstallationOn(redis.url, { CLIENT_KEYS: `${owner.name}=${owner.key}` });
  const { sandbox } = installation;
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  const wishes = Array.from({ length: jobsUnderLoad }, (_, index) => ordinaryWish(owner, index));
  const answers = { byStatus: new Map<number, number>(), nothing: 0, replays: 0 };
  const over = new AbortController();
  const counter = { url: api.url, answers, dice: diceFrom(1), aging: over.signal, over: over.signal };

  const fulfilled = wishes.map((wish) => fulfil(wish, counter));
  await vi.waitFor(() => expect(sandbox.control.creates().accepted).toBeGreaterThan(beforeTheKill), {
    timeout: boundMs,
  });
  await redis.killPrimary();
  expect(
    wishes.some(({ ended }) => !ended),
    'something is still to be done',
  ).toBe(true);
  const processes: Installed[] = [api.process, worker];
  const replaceWorkers = async (changes: Readonly<Record<string, string>>) => {
    await worker.close();
    processes.push(await installation.startWorker(changes));
  };
  await seeToTheEnd(wishes, sandbox, { boundMs, replaceWorkers });
  over.abort();
  await Promise.all(fulfilled);

  const logLines = () => processes.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]);
  const scene = { receiver: null, fleet: { url: api.url, logLines }, sandbox, owners: [owner], wishes, answers };
  expect(brokenRules(await observe(scene))).toEqual([]);
  expect(sentTwice(installation)).toEqual([]);
}

type Installed = Awaited<ReturnType<Installation['startWorker']>>;

/**
 * The replica has fallen behind when the primary dies. What only the primary knew may be lost with it, so nothing may have
 * been sent for it: the next primary would send it again.
 */
export async function primaryDiesAhead(redis: RedisTopology): Promise<void> {
  await using installation = await startInstallationOn(redis.url, { SUBMIT_CONCURRENCY: '4' });
  const { sandbox } = installation;
  const [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
  await vi.waitFor(async () => expect((await fetch(`${api.url}/readyz`)).status).toBe(200), { timeout: boundMs });
  const before = await Promise.all([1, 2].map((count) => api.create(`kite ${count}`)));
  for (const { id } of before) expect((await api.ended(id)).status).toBe('completed');

  redis.stallReplicas();
  const after = await Promise.all([3, 4, 5].map((count) => api.create(`kite ${count}`)));
  const held = async () =>
    expect(await api.read(after[0]?.id ?? '')).toMatchObject({ hold: { code: 'internal_error' } });
  await vi.waitFor(held, { timeout: boundMs });
  expect(sandbox.control.creates().received, 'sent without a copy').toBe(before.length);
  await redis.killPrimary();
  redis.resumeReplicas();

  await vi.waitFor(async () => expect((await fetch(`${api.url}/readyz`)).status).toBe(200), { timeout: boundMs });
  // A queue of BullMQ 6.7 on a Cluster may hear of no step any more after this, until its worker is started anew.
  await worker.close();
  await installation.startWorker();
  expect((await api.ended((await api.create('kite 6')).id)).status).toBe('completed');
  for (const { id } of after) {
    const known = (await fetch(`${api.url}/v1/jobs/${id}`)).status !== 404;
    if (known) expect((await api.ended(id)).status).toBe('completed');
  }
  expect(sentTwice(installation)).toEqual([]);
}
