interface Freshness {
  readonly maxAgeMs: number;
  /** Nobody waits for a value to be read anew while the last one is younger than this. Not given: whoever comes waits. */
  readonly staleMaxMs?: number;
}

interface Reading<T> {
  readonly value: Promise<T>;
  readonly atMs: number;
}

/**
 * What `read` returned not longer than `maxAgeMs` ago. For facts that all requests need and that change rarely: the cost of
 * reading them no longer depends on the number of requests. Readers at the same moment share one read; a failed one is not kept.
 */
export function recent<T>(
  read: () => Promise<T>,
  { maxAgeMs, staleMaxMs = maxAgeMs }: Freshness,
  now: () => number,
): () => Promise<T> {
  let last: Reading<T> | null = null;
  let next: Reading<T> | null = null;
  const readAnew = (atMs: number): Reading<T> => {
    const mine = { value: read(), atMs };
    next = mine;
    const settled = (kept: Reading<T> | null) => {
      if (next !== mine) return;
      last = kept;
      next = null;
    };
    mine.value.then(
      () => settled(mine),
      () => settled(null),
    );
    return mine;
  };
  return () => {
    const nowMs = now();
    if (last !== null && nowMs - last.atMs < maxAgeMs) return last.value;
    const reading = next !== null && nowMs - next.atMs < maxAgeMs ? next : readAnew(nowMs);
    return last !== null && nowMs - last.atMs < staleMaxMs ? last.value : reading.value;
  };
}
