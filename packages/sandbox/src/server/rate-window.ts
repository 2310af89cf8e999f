/** A fixed window of calls, as the provider documents for its log route. */
export interface RateWindow {
  admits(nowMs: number): boolean;
}

export function createWindow({ callsMax, windowMs }: { callsMax: number; windowMs: number }): RateWindow {
  let startedAtMs = 0;
  let calls = 0;
  return {
    admits(nowMs) {
      if (nowMs - startedAtMs >= windowMs) {
        startedAtMs = nowMs;
        calls = 0;
      }
      calls += 1;
      return calls <= callsMax;
    },
  };
}
