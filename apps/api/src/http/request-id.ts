import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const acceptable = /^[A-Za-z0-9._:-]{1,128}$/;

/** The caller's own `x-request-id` when it is harmless in a log line and a header, else a new one. */
export function requestIdOf(raw: Pick<IncomingMessage, 'headers'>): string {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && acceptable.test(given) ? given : newRequestId();
}

/** Tells the processes apart, the number the requests of one: unique without asking for random bytes each time. */
const processPart = withoutFour(randomBytes(9).toString('hex'));
let number = 0;

export function newRequestId(): string {
  number += 1;
  return `req_${processPart}${withoutFour(number.toString(32).padStart(6, '0'))}`;
}

/**
 * LibreChat takes an MCP error with `401` anywhere in its text for a lost login and shows a sentence about OAuth instead, and
 * people who look for a status in a log find ids. `w` is no digit of the two bases, so ids stay unique.
 */
function withoutFour(digits: string): string {
  return digits.replaceAll('4', 'w');
}
