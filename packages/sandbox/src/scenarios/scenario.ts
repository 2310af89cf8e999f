import type { Source } from '../wire/troubles.ts';
import type { Behaviour } from './behaviour.ts';

/** One word of the sandbox: `[sandbox:<word>]` or `[sandbox:<word>=<value>]` in a prompt. */
export interface Scenario {
  readonly word: string;
  /** How a value is written in the documentation; null when the word takes none. */
  readonly value: string | null;
  readonly does: string;
  readonly source: Source;
  /** The changed behaviour, or what is wrong with the value. `value` is null when none was written. */
  apply(behaviour: Behaviour, value: string | null): Behaviour | ValueError;
}

interface ValueError {
  readonly valueError: string;
}

interface Words {
  readonly word: string;
  readonly does: string;
  readonly source: Source;
}

/** A word without a value. */
export function plain(words: Words, change: (behaviour: Behaviour) => Behaviour): Scenario {
  return {
    ...words,
    value: null,
    apply: (behaviour, value) => (value === null ? change(behaviour) : { valueError: 'takes no value' }),
  };
}

/** A word that says for how many calls it holds: a whole number or `always`. */
export function counted(
  words: Words,
  fallback: number,
  change: (behaviour: Behaviour, times: number) => Behaviour,
): Scenario {
  return {
    ...words,
    value: `N (${Number.isFinite(fallback) ? fallback : 'always'})`,
    apply(behaviour, value) {
      if (value === null) return change(behaviour, fallback);
      if (value === 'always') return change(behaviour, Number.POSITIVE_INFINITY);
      return /^\d{1,9}$/.test(value)
        ? change(behaviour, Number(value))
        : { valueError: 'takes a whole number or "always"' };
    },
  };
}

/** A word with a number of seconds. */
export function seconds(
  words: Words,
  fallback: number,
  change: (behaviour: Behaviour, seconds: number) => Behaviour,
): Scenario {
  return {
    ...words,
    value: `S (${fallback})`,
    apply(behaviour, value) {
      if (value === null) return change(behaviour, fallback);
      return /^\d{1,6}(\.\d{1,6})?$/.test(value)
        ? change(behaviour, Number(value))
        : { valueError: 'takes a number of seconds' };
    },
  };
}

const unitBytes: Record<string, number> = { '': 1, b: 1, kb: 1_000, mb: 1_000_000, gb: 1_000_000_000 };
/** Bytes beyond the clip are made while they are sent, so a large file costs time, not memory. */
const longestFileBytes = 100_000_000_000;

/** A word with a size: `5mb`, `300kb`, `2gb`, or a number of bytes. */
export function size(
  words: Words,
  fallback: string,
  change: (behaviour: Behaviour, bytes: number) => Behaviour,
): Scenario {
  return {
    ...words,
    value: `SIZE (${fallback})`,
    apply(behaviour, value) {
      const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,3})?)(b|kb|mb|gb)?$/i.exec(value ?? fallback) ?? [];
      const bytes = Math.round(Number(digits) * (unitBytes[(unit ?? '').toLowerCase()] ?? Number.NaN));
      return bytes <= longestFileBytes
        ? change(behaviour, bytes)
        : { valueError: 'takes a size up to 100gb, such as 5mb' };
    },
  };
}

/** A word with one of a few values; the first is meant when none is written. */
export function choice<const Choice extends string>(
  words: Words,
  choices: readonly Choice[],
  change: (behaviour: Behaviour, chosen: Choice) => Behaviour,
): Scenario {
  const fallback = choices[0];
  return {
    ...words,
    value: choices.map((each) => `\`${each}\``).join(' '),
    apply(behaviour, value) {
      const chosen = value === null ? fallback : choices.find((each) => each === value);
      return chosen === undefined ? { valueError: `takes one of ${choices.join(', ')}` } : change(behaviour, chosen);
    },
  };
}

/** A word with any short text, such as a status the provider has never used before. */
export function text(
  words: Words,
  fallback: string,
  change: (behaviour: Behaviour, written: string) => Behaviour,
): Scenario {
  return {
    ...words,
    value: `TEXT (\`${fallback}\`)`,
    apply: (behaviour, value) => change(behaviour, value ?? fallback),
  };
}
