import { until } from '../patience.ts';
import type { Point } from './gate.ts';
import { type Crash, killAtGate, type Lane } from './lane.ts';

const acceptMs = 20_000;
const endMs = 45_000;

/** The API runs as it does otherwise; only the worker goes through the gate. */
export async function startApiOf(lane: Lane): Promise<void> {
  lane.setApi(await lane.installation.startApi());
}

/** A job that nobody works on yet, and whose messages count. */
async function askForFollowed(lane: Lane) {
  const wish = lane.ask();
  await until(() => wish.job !== null, acceptMs);
  lane.follow(wish.job?.id ?? '');
  return wish;
}

/** What a worker says while it makes one video, from the first message to the last, each with the moments to die at. */
export async function recordWorker(lane: Lane): Promise<readonly Point[]> {
  // Upkeep is led by one worker. A dead leader is replaced later: meanwhile nothing but the steps themselves is recorded.
  await makeOne(lane);
  return makeOne(lane);
}

async function makeOne(lane: Lane): Promise<readonly Point[]> {
  const wish = await askForFollowed(lane);
  lane.gate.record();
  const worker = await lane.installation.startWorker(lane.gated);
  lane.setWorker(worker);
  await until(() => wish.ended, endMs);
  const recorded = [...lane.gate.recorded];
  worker.signal('SIGKILL');
  await worker.exited;
  return recorded;
}

/** One job for each point; a worker that died is followed by one that dies at the next point, and at last by one that lives. */
export async function crashWorkers(lane: Lane, points: readonly Point[]): Promise<Crash[]> {
  const crashes: Crash[] = [];
  for (const point of points) {
    const wish = await askForFollowed(lane);
    lane.gate.close(point);
    const worker = await lane.installation.startWorker(lane.gated);
    lane.setWorker(worker);
    crashes.push({ point, wish, met: await killAtGate(lane, worker, wish) });
  }
  lane.setWorker(await lane.installation.startWorker(lane.gated));
  return crashes;
}
