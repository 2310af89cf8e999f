import { promptMark } from '../customer.ts';
import { until } from '../patience.ts';
import type { Point } from './gate.ts';
import { type Crash, killAtGate, type Lane } from './lane.ts';

const acceptMs = 30_000;
const endMs = 45_000;

/** Only the API goes through the gate; a worker carries out what it takes in. */
async function startApi(lane: Lane) {
  const api = await lane.installation.startApi({ REDIS_URL: lane.gated['REDIS_URL'] ?? '' });
  lane.setApi(api);
  return api.process;
}

export async function startWorkerOf(lane: Lane): Promise<void> {
  lane.setWorker(await lane.installation.startWorker());
}

/** What an API says while it takes in one video. */
export async function recordApi(lane: Lane): Promise<readonly Point[]> {
  const api = await startApi(lane);
  lane.follow(promptMark);
  lane.gate.record();
  const wish = lane.ask();
  await until(() => wish.ended, endMs);
  const recorded = [...lane.gate.recorded];
  await api.close();
  return recorded;
}

/** Each death meets one customer, who asks the next API for the same. */
export async function crashApis(lane: Lane, points: readonly Point[]): Promise<Crash[]> {
  const crashes: Crash[] = [];
  for (const point of points) {
    const dying = await startApi(lane);
    lane.follow(promptMark);
    lane.gate.close(point);
    const wish = lane.ask();
    const met = await killAtGate(lane, dying, wish);
    const living = await startApi(lane);
    await until(() => wish.job !== null, acceptMs);
    crashes.push({ point, wish, met });
    if (point !== points.at(-1)) await living.close();
  }
  return crashes;
}
