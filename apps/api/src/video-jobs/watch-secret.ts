import { randomFillSync } from 'node:crypto';

/** 128 bits: a watch link cannot be guessed. */
const secretBytes = 16;

/** Taken from the system in blocks: a call for each secret costs several times as much (measured). */
const pool = Buffer.alloc(256 * secretBytes);
let used = pool.length;

/** The unguessable half of a watch link, safe in a URL. */
export function newWatchSecret(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const secret = pool.toString('base64url', used, used + secretBytes);
  pool.fill(0, used, used + secretBytes);
  used += secretBytes;
  return secret;
}
