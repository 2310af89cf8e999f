import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, Victim } from './fleet.ts';
import type { Dice } from './random.ts';

/** Most crashes hit one, some two at once: Redis and whoever is about to write to it. */
const crashes: readonly [Crash, ...Crash[]] = [
  { victims: ['worker'], weight: 5 },
  { victims: ['api'], weight: 3 },
  { victims: ['redis'], weight: 2 },
  { victims: ['redis', 'worker'], weight: 1 },
  { victims: ['redis', 'api'], weight: 1 },
];

interface Crash {
  readonly victims: readonly Victim[];
  readonly weight: number;
}

/** Kills and starts again until the time is up. */
export async function breakThings(fleet: Fleet, durationMs: number, dice: Dice): Promise<void> {
  const endMs = performance.now() + durationMs;
  // Everybody dies once, however short the run is.
  const first = [...crashes.slice(0, 3)];
  while (performance.now() < endMs) {
    await pause(dice.between(500, 2_500));
    const { victims } = first.shift() ?? dice.pick(crashes, ({ weight }) => weight);
    await Promise.all(victims.map((victim) => fleet.crash(victim, dice.between(0, 1_500))));
  }
}
