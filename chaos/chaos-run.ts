import { startInstallation } from '../test/installation.ts';
import { breakThings } from './break-things.ts';
import { type Answers, fulfil, type Owner } from './customer.ts';
import { startFleet } from './fleet.ts';
import { observe, type Scene } from './observe.ts';
import { seeToTheEnd, until } from './patience.ts';
import { diceFrom } from './random.ts';
import { startReceiver } from './receiver.ts';
import { brokenRules, wasTold } from './rules.ts';
import { type Tally, tallyOf } from './tally.ts';
import { planWishes } from './wishes.ts';

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly jobs: number;
}

export interface ChaosResult {
  readonly broken: readonly string[];
  readonly tally: Tally;
}

/** From here on a run is long enough for what takes minutes. */
const patientMinutes = 3;
/** Dead workers' steps come back after 20 s, and a poll in trouble waits up to half a minute. */
const settleMs = { short: 120_000, patient: 900_000 };
/** A webhook whose worker died comes back after 20 s, one whose step was lost after 70. */
const tellMs = 120_000;

const owners: readonly [Owner, ...Owner[]] = [
  { name: 'greedy', key: 'chaos-client-key-greedy' },
  { name: 'ada', key: 'chaos-client-key-ada' },
  { name: 'ben', key: 'chaos-client-key-ben' },
  { name: 'cleo', key: 'chaos-client-key-cleo' },
];

const settings = {
  CLIENT_KEYS: owners.map(({ name, key }) => `${name}=${key}`).join(','),
  SUBMIT_CONCURRENCY: '4',
  STORE_CONCURRENCY: '3',
  // Below what the clock is put ahead by: it is what ends a generation that never does.
  GENERATION_TIMEOUT_SECONDS: '600',
};

/** Customers ask while processes die; then everything is left in peace, and the rules are looked at. */
export async function runChaos({ minutes, seed, jobs }: ChaosOptions): Promise<ChaosResult> {
  const startedMs = performance.now();
  const say = (what: string) => console.log(`${Math.round((performance.now() - startedMs) / 1_000)} s: ${what}`);
  const durationMs = minutes * 60_000;
  const patient = minutes >= patientMinutes;
  await using receiver = await startReceiver(
    owners.map(({ name }) => name),
    diceFrom(seed + 3),
  );
  await using installation = await startInstallation({ ...settings, ...receiver.settings });
  const fleet = await startFleet(installation);
  const aging = new AbortController();
  const over = new AbortController();
  const answers: Answers = { byStatus: new Map(), nothing: 0, replays: 0 };
  const wishes = planWishes({ jobs, durationMs, owners, patient }, diceFrom(seed));
  const scene: Scene = { receiver, fleet, sandbox: installation.sandbox, owners, wishes, answers };
  const counter = { url: fleet.url, answers, dice: diceFrom(seed + 1), aging: aging.signal, over: over.signal };

  const fulfilled = Promise.all(wishes.map((wish) => fulfil(wish, counter)));
  await breakThings(fleet, durationMs, diceFrom(seed + 2));
  const toGo = () => wishes.filter(({ ended }) => !ended).length;
  say(`no more crashes; ${toGo()} jobs to go`);
  const replaceWorkers = (changes: Readonly<Record<string, string>>) => {
    aging.abort();
    say(`the clock goes ahead for the last ${toGo()}`);
    return fleet.replaceWorkers(changes);
  };
  await seeToTheEnd(wishes, installation.sandbox, {
    boundMs: patient ? settleMs.patient : settleMs.short,
    replaceWorkers,
  });
  over.abort();
  await fulfilled;
  await until(() => wishes.every(({ job }) => wasTold(receiver.told(), job)), tellMs);

  const seen = await observe(scene);
  const tally = tallyOf(seen, { answers, kills: fleet.kills, elapsedMs: performance.now() - startedMs });
  return { broken: brokenRules(seen), tally };
}
