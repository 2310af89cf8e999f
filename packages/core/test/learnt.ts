import fc from 'fast-check';

const upTo = (mostMs: number) => fc.oneof(fc.nat(20_000), fc.nat(mostMs));

/** Any times that can be learnt, short ones as often as long ones. */
export const learntTimes = fc
  .tuple(upTo(900_000), upTo(300_000), upTo(300_000))
  .map(([toEarlyMs, toMedianMs, toLateMs]) => {
    const p10Ms = 500 + toEarlyMs;
    return { p10Ms, p50Ms: p10Ms + toMedianMs, p90Ms: p10Ms + toMedianMs + toLateMs };
  });
