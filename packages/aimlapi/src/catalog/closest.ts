import { distance } from 'fastest-levenshtein';

/** Longer input is cut before it is compared: the work grows with its length, and no id is longer. */
const lengthMax = 100;
/** Below this, a suggestion would only be the least unlike of many unlike names. */
const likenessMin = 0.4;

/** `veo3.1` and `google/veo-3.1-t2v` have `veo`, `3` and `1` in common, `klingv3` has `kling`, `v`, `3`; `t2v` stays one word. */
const wordsOf = (name: string): readonly string[] => name.match(/[a-z]2v|[a-z]+?(?=v\d)|[a-z]+|\d+/g) ?? [];

/** `klingv` of `klingv3` is meant to be `kling`; short words have to be equal. */
function isSameWord(a: string, b: string): boolean {
  return a === b || (Math.min(a.length, b.length) > 3 && (a.startsWith(b) || b.startsWith(a)));
}

/** From 0 to 1: shared words count more than letters, because people leave out the vendor or the mode. */
function likeness(wanted: string, wantedWords: readonly string[], name: string): number {
  const words = wordsOf(name);
  const shared = wantedWords.filter((word) => words.some((other) => isSameWord(word, other))).length;
  const spelling = 1 - distance(wanted, name) / Math.max(wanted.length, name.length, 1);
  return 0.6 * (shared / Math.max(1, wantedWords.length)) + 0.4 * spelling;
}

/**
 * Ids that look most like a mistyped one, best first.
 *
 * @param names every accepted name and the id it stands for
 */
export function closestIds(mistyped: string, names: Iterable<readonly [string, string]>, countMax: number): string[] {
  const wanted = mistyped.slice(0, lengthMax).toLowerCase();
  const wantedWords = wordsOf(wanted);
  const best = new Map<string, number>();
  for (const [name, id] of names) {
    const found = likeness(wanted, wantedWords, name);
    if (found >= likenessMin && found > (best.get(id) ?? 0)) best.set(id, found);
  }
  return [...best]
    .sort(([idA, a], [idB, b]) => b - a || idA.length - idB.length)
    .slice(0, countMax)
    .map(([id]) => id);
}
