import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AccessKeys } from './authentication.ts';
import { assertLocal, presentedKey, sha256, unauthorized } from './callers.ts';
import { pageTickets } from './page-tickets.ts';
import { problem, Refusal } from './problem.ts';
import { openWrongKeys } from './wrong-keys.ts';

/** Who orders or looks. The audit says so much about them. */
export interface Operator {
  /** `operator_read` may look and change nothing. */
  readonly role: 'operator' | 'operator_read';
  /** The first 8 hex digits of the SHA-256 of their key; null for programs on this machine while no key is configured. */
  readonly key: string | null;
  /** What `x-operator-name` says, percent-encoded or not: nobody has checked it. */
  readonly name: string | null;
}

/** The operator behind an authenticated request. */
export function operatorOf({ operator }: FastifyRequest): Operator {
  if (operator === null)
    throw new Error('operatorOf is for routes with access: operator, operator_read or operator_page');
  return operator;
}

export interface OperatorGate {
  byKey(request: FastifyRequest): Operator;
  /** By the cookie that `POST /ops/api/session` sets. */
  byTicket(request: FastifyRequest): Operator;
}

const fingerprintDigits = 8;
const nameLengthMax = 100;

/** Lets operators through and nobody else. Without a key of their own the rule for callers without keys decides. */
export function openOperatorGate({ opsKey, opsReadKey, production, now }: AccessKeys): OperatorGate {
  const known = [knownKey(opsKey, 'operator'), knownKey(opsReadKey, 'operator_read')].filter((key) => key !== null);
  const wrongKeys = openWrongKeys(now);

  function withoutKey(request: FastifyRequest): Operator {
    assertLocal(request, production, 'operator key', 'OPS_KEY=<key>');
    return { role: 'operator', key: null, name: operatorName(request) };
  }

  function byKey(request: FastifyRequest): Operator {
    const presented = presentedKey(request.headers.authorization);
    if (presented === null) {
      if (opsKey === null) return withoutKey(request);
      throw unauthorized('missing_api_key', 'Send the operator key: Authorization: Bearer <key>.');
    }
    const waitSeconds = wrongKeys.waitSeconds(request.ip);
    if (waitSeconds !== null) throw new Refusal(tooManyTries(waitSeconds));
    const found = knownAs(known, presented);
    if (found !== null) return { ...found, name: operatorName(request) };
    // Nothing was asked for a key, so a wrong one does no harm.
    if (opsKey === null && known.length === 0) return withoutKey(request);
    wrongKeys.note(request.ip, sha256(presented));
    throw unauthorized('invalid_api_key', 'This is not the operator key of the service.');
  }

  return {
    byKey,
    byTicket(request) {
      if (request.headers.authorization !== undefined || opsKey === null) return byKey(request);
      const role = pageTickets({ opsKey, opsReadKey, now }).roleOf(request.headers.cookie);
      if (role !== null) return { role, key: null, name: null };
      throw unauthorized(
        'missing_api_key',
        'Open this page from the console at /ops, where the operator key is known.',
      );
    },
  };
}

interface KnownKey {
  readonly role: Operator['role'];
  readonly digest: Buffer;
}

function knownKey(key: string | null, role: Operator['role']): KnownKey | null {
  return key === null ? null : { role, digest: sha256(key) };
}

/** All are compared, so that the time taken says nothing about which one was nearly right. */
function knownAs(known: readonly KnownKey[], presented: string): Pick<Operator, 'role' | 'key'> | null {
  const digest = sha256(presented);
  const same = known.filter((candidate) => timingSafeEqual(candidate.digest, digest));
  const [found] = same;
  return found === undefined ? null : { role: found.role, key: digest.toString('hex').slice(0, fingerprintDigits) };
}

function operatorName({ headers }: FastifyRequest): string | null {
  const given = headers['x-operator-name'];
  const name = typeof given === 'string' ? decoded(given).trim().slice(0, nameLengthMax) : '';
  return name === '' ? null : name;
}

/** Headers carry Latin letters only, so the console percent-encodes names; what is no such text is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function tooManyTries(retryAfterSeconds: number) {
  const text = `Too many wrong operator keys came from your address. Try again in ${retryAfterSeconds} s.`;
  return { ...problem('too_many_wrong_keys', text, 'authorization'), retryAfterSeconds };
}
