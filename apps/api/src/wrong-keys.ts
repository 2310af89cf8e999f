/**
 * How often an address has shown a wrong operator key to this process. A short key must not be found by trying; a person who
 * mistypes does not notice any of it.
 */
export interface WrongKeys {
  note(address: string): void;
  /** When this address may try again; null when it may now. */
  waitSeconds(address: string): number | null;
}

const triesMax = 10;
const windowMs = 60_000;
/** Beyond these, the address that was seen first is forgotten first. */
const addressesMax = 10_000;

export function openWrongKeys(now: () => number): WrongKeys {
  const counted = new Map<string, { tries: number; readonly untilMs: number }>();

  function standing(address: string) {
    const known = counted.get(address);
    if (known !== undefined && known.untilMs > now()) return known;
    counted.delete(address);
    return null;
  }

  return {
    note(address) {
      const known = standing(address);
      if (known !== null) {
        known.tries += 1;
        return;
      }
      const [first] = counted.keys();
      if (counted.size >= addressesMax && first !== undefined) counted.delete(first);
      counted.set(address, { tries: 1, untilMs: now() + windowMs });
    },
    waitSeconds(address) {
      const known = standing(address);
      return known === null || known.tries < triesMax ? null : Math.ceil((known.untilMs - now()) / 1_000);
    },
  };
}
