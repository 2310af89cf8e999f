/** When a process can die around one message of its own: it never arrives, its answer never arrives, or it just did. */
export type Moment = 'before' | 'after' | 'delivered';

export interface Point {
  /** The message. */
  readonly name: string;
  /** Which one of this name, from 1. */
  readonly turn: number;
  readonly moment: Moment;
}

const words: Readonly<Record<Moment, string>> = {
  before: 'before',
  after: 'before the answer to',
  delivered: 'after the answer to',
};

export function nameOf({ name, turn, moment }: Point): string {
  return `${words[moment]} ${name}${turn === 1 ? '' : `, no. ${turn}`}`;
}

/**
 * All that a process says to the outside goes through one gate. At the point it is set to it closes in both directions, and
 * whoever waits for that can kill the process in exactly this state of the world.
 */
export interface Gate {
  /** Everything passes, and the points are noted that have to do with the job. */
  record(): void;
  close(at: Point): void;
  /** Everything passes, and nothing is noted. */
  open(): void;
  /** @returns whether the message may pass */
  reach(name: string, moment: Moment): boolean;
  readonly isClosed: boolean;
  readonly recorded: readonly Point[];
  /** Resolves when the gate has closed. */
  readonly closed: Promise<void>;
}

export function createGate(): Gate {
  let recorded: Point[] = [];
  let target: Point | null = null;
  let isClosed = false;
  let closing = Promise.withResolvers<void>();
  const turns = new Map<string, number>();

  const reset = (next: Point | null) => {
    target = next;
    recorded = [];
    isClosed = false;
    closing = Promise.withResolvers();
    turns.clear();
  };
  const turnOf = (name: string, moment: Moment) => {
    const key = `${moment} ${name}`;
    const turn = (turns.get(key) ?? 0) + 1;
    turns.set(key, turn);
    return turn;
  };
  return {
    record: () => reset(null),
    close: reset,
    open: () => reset(null),
    reach(name, moment) {
      const point = { name, turn: turnOf(name, moment), moment };
      recorded.push(point);
      if (target?.name === name && target.turn === point.turn && target.moment === moment) {
        isClosed = true;
        closing.resolve();
      }
      return !isClosed;
    },
    get isClosed() {
      return isClosed;
    },
    get recorded() {
      return recorded;
    },
    get closed() {
      return closing.promise;
    },
  };
}
