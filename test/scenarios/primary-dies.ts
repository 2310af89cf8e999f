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

/**
 * The server that takes the writes dies under load and another one takes its place, perhaps without the last of them: every
 * job ends, and nothing is paid for twice.
 */
export async function primaryDies(redis: {
  readonly url: string;
  readonly killPrimary: () => Promise<void>;
}): Promise<void> {
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
  const processes: Installed[] = [api.process, worker];
  const replaceWorkers = async (changes: Readonly<Record<string, string>>) => {
    await worker.close();
    processes.push(await installation.startWorker(changes));
  };
  await seeToTheEnd(wishes, sandbox, { boundMs, replaceWorkers });
  over.abort();
  await Promise.all(fulfilled);

  const logLines = () => processes.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]);
  const scene = { fleet: { url: api.url, logLines }, sandbox, owners: [owner], wishes, answers };
  expect(brokenRules(await observe(scene))).toEqual([]);
}

type Installed = Awaited<ReturnType<Installation['startWorker']>>;
