/** Counts calls by a name: 0 for the first, 1 for the second. */
export interface Turns {
  next(name: string): number;
}

const namesKept = 50_000;

export function createTurns(): Turns {
  const turns = new Map<string, number>();
  return {
    next(name) {
      const turn = turns.get(name) ?? 0;
      turns.set(name, turn + 1);
      const [oldest] = turns.keys();
      if (turns.size > namesKept && oldest !== undefined) turns.delete(oldest);
      return turn;
    },
  };
}
