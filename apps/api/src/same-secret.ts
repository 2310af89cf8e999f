import { timingSafeEqual } from 'node:crypto';

/** Compares without telling by its time how much of a secret was right. */
export function isSameSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
