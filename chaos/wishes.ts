import type { Owner, Wish } from './customer.ts';
import { type Oddity, oddities, ordinary } from './oddities.ts';
import type { Dice } from './random.ts';

export interface Season {
  readonly jobs: number;
  readonly durationMs: number;
  readonly owners: readonly [Owner, ...Owner[]];
  /** Also what takes minutes. */
  readonly patient: boolean;
}

const greedyShare = 0.3;
const longestCancelMs = 6_000;

/** Who wants what and when: the first owner sends much of it at once, the others bit by bit. */
export function planWishes({ jobs, durationMs, owners, patient }: Season, dice: Dice): Wish[] {
  const usable = (oddity: Oddity) => (oddity.slow && !patient ? 0 : oddity.weight);
  const greedy = owners[0];
  return Array.from({ length: jobs }, (_, index) => {
    const atOnce = index < jobs * greedyShare;
    return {
      ...ordinaryWish(atOnce ? greedy : dice.pick(owners), index),
      oddity: dice.pick(oddities, usable),
      startsAfterMs: atOnce ? 0 : dice.between(0, durationMs * 0.9),
      plans: {
        asksTwice: dice.chance(0.1),
        cancelsAfterMs: dice.chance(0.08) ? dice.between(0, longestCancelMs) : null,
        retriesFailure: dice.chance(0.15),
      },
    };
  });
}

/** A video that nothing odd happens to, asked for once and at once. */
export function ordinaryWish(owner: Owner, index: number): Wish {
  return {
    owner,
    idempotencyKey: `wish-${index}`,
    oddity: ordinary,
    startsAfterMs: 0,
    plans: { asksTwice: false, cancelsAfterMs: null, retriesFailure: false },
    ids: new Set(),
    job: null,
    ended: false,
  };
}
