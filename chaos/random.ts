/** Randomness that a seed repeats: what is decided, not when it happens. */
export interface Dice {
  /** In [0, 1). */
  roll(): number;
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]], weightOf?: (item: Item) => number): Item;
}

/** The generator mulberry32: small, and good enough to choose what breaks next. */
export function diceFrom(seed: number): Dice {
  let state = seed >>> 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    roll,
    between: (from, to) => from + roll() * (to - from),
    chance: (probability) => roll() < probability,
    pick(items, weightOf = () => 1) {
      const total = items.reduce((sum, item) => sum + weightOf(item), 0);
      let left = roll() * total;
      for (const item of items) {
        left -= weightOf(item);
        if (left < 0) return item;
      }
      return items[0];
    },
  };
}
