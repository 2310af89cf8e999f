import { brokenRules, type Observations } from '../rules.ts';
import type { Tally } from '../tally.ts';
import { crashApis, recordApi, startWorkerOf } from './api-crashes.ts';
import { brokenByCrashes, type CrashOutcome, rowOf } from './crash-rules.ts';
import { type Crash, type Lane, openLane } from './lane.ts';
import { crashWorkers, recordWorker, startApiOf } from './worker-crashes.ts';

export interface CrashRunResult {
  readonly broken: readonly string[];
  readonly tally: Tally;
}

/** As many as two cores can start processes for. */
const workerLanes = 3;

/** Worker and API die at every point of the way of a video: once each, every time another job's. */
export async function runCrashPoints(): Promise<CrashRunResult> {
  await using opened = new AsyncDisposableStack();
  const open = async () => opened.use(await openLane());
  const [apiLane, ...lanes] = await Promise.all([open(), ...Array.from({ length: workerLanes }, open)]);
  const [ofWorkers, ofApis] = await Promise.all([crashAllWorkers(lanes), crashAllApis(apiLane)]);
  const outcomes = [...ofWorkers.outcomes, ...ofApis.outcomes];
  return {
    broken: [...brokenByCrashes(outcomes), ...[...ofWorkers.seen, ...ofApis.seen].flatMap(brokenRules)],
    tally: outcomes.map(rowOf),
  };
}

interface Results {
  readonly outcomes: readonly CrashOutcome[];
  readonly seen: readonly Observations[];
}

/** The points are dealt out to the lanes like cards. */
async function crashAllWorkers(lanes: readonly Lane[]): Promise<Results> {
  const [first] = lanes;
  await Promise.all(lanes.map(startApiOf));
  const points = first === undefined ? [] : await recordWorker(first);
  const sent = points.findIndex(({ name, moment }) => name.startsWith('POST ') && moment === 'before');
  const results = await Promise.all(
    lanes.map(async (lane, index) => {
      const crashes = await crashWorkers(
        lane,
        points.filter((_, turn) => turn % lanes.length === index),
      );
      return { crashes, seen: await lane.finish() };
    }),
  );
  const outcomes = results.flatMap(({ crashes, seen }) =>
    crashes.map((crash) => ({ ...outcomeOf(crash, seen, 'worker'), canBeUnsent: points.indexOf(crash.point) <= sent })),
  );
  const inOrder = outcomes.toSorted((a, b) => points.indexOf(a.point) - points.indexOf(b.point));
  return { outcomes: inOrder, seen: results.map(({ seen }) => seen) };
}

async function crashAllApis(lane: Lane): Promise<Results> {
  await startWorkerOf(lane);
  const crashes = await crashApis(lane, await recordApi(lane));
  const seen = await lane.finish();
  return { outcomes: crashes.map((crash) => outcomeOf(crash, seen, 'API')), seen: [seen] };
}

function outcomeOf({ point, met, wish }: Crash, seen: Observations, process: CrashOutcome['process']): CrashOutcome {
  const job = seen.outcomes.find(({ idempotencyKey }) => idempotencyKey === wish.idempotencyKey)?.job ?? null;
  const creates = seen.createsByRequestId.get(`${job?.id}.1`) ?? { received: 0, accepted: 0 };
  return { process, point, met, canBeUnsent: false, job, creates };
}
