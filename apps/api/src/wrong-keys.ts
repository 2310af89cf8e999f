/**
 * How many different wrong operator keys an address has shown to this process. A short key must not be found by trying; a
 * person who mistypes does not notice any of it. The same one again finds out nothing: pages that are still open after a change of
 * the key, or a Prometheus with the old one, keep nobody out who shares their address.
 */
export interface WrongKeys {
  note(address: string, digest: Buffer): void;
  /** When this address may try again; null when it may now. */
  waitSeconds(address: string): number | null;
}

const keysMax = 10;
/** Of a digest: enough to tell ten keys apart. */
const keptBytes = 9;
const windowMs = 60_000;
/** Beyond these, the address that was seen first is forgotten first. */
const addressesMax = 10_000;

export function openWrongKeys(now: () => number): WrongKeys {
  const counted = new Map<string, { readonly keys: Set<string>; readonly untilMs: number }>();

  function standing(address: string) {
    const known = counted.get(address);
    if (known !== undefined && known.untilMs > now()) return known;
    counted.delete(address);
    return null;
  }

  return {
    note(address, digest) {
      const key = digest.toString('base64', 0, keptBytes);
      const known = standing(address);
      if (known !== null) {
        known.keys.add(key);
        return;
      }
      const [first] = counted.keys();
      if (counted.size >= addressesMax && first !== undefined) counted.delete(first);
      counted.set(address, { keys: new Set([key]), untilMs: now() + windowMs });
    },
    waitSeconds(address) {
      const known = standing(address);
      return known === null || known.keys.size < keysMax ? null : Math.ceil((known.untilMs - now()) / 1_000);
    },
  };
}
