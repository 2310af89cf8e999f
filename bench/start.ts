import { median } from './load.ts';
import { type Surroundings, startApi } from './processes.ts';
import type { Measurement } from './results.ts';

const starts = 5;

export async function measureStart(surroundings: Surroundings): Promise<Measurement[]> {
  console.log(`Start of the API, ${starts} times …`);
  const timesMs: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const beganMs = performance.now();
    await using _api = await startApi(surroundings);
    timesMs.push(performance.now() - beganMs);
  }
  return [{ what: 'API process, start to listening', unit: 'ms', ours: median(timesMs), target: { max: 1_500 } }];
}
