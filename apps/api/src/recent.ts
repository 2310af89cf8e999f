/**
 * What `read` returned not longer than `maxAgeMs` ago. For facts that all requests need and that change rarely: the cost of
 * reading them no longer depends on the number of requests. Readers at the same moment share one read; a failed one is not kept.
 */
export function recent<T>(read: () => Promise<T>, maxAgeMs: number, now: () => number): () => Promise<T> {
  let last: { readonly value: Promise<T>; readonly atMs: number } | null = null;
  return () => {
    const nowMs = now();
    if (last === null || nowMs - last.atMs >= maxAgeMs) {
      const value = read();
      const mine = { value, atMs: nowMs };
      last = mine;
      value.catch(() => {
        if (last === mine) last = null;
      });
    }
    return last.value;
  };
}
