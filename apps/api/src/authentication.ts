import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertLocal, presentedKey, sha256, unauthorized } from './callers.ts';
import { type Operator, openOperatorGate } from './operator-gate.ts';
import { problem, Refusal } from './problem.ts';

/**
 * Who may call a route. A route that does not say is closed to everybody. `operator` changes something, `operator_read` only
 * looks, and `operator_page` is a page that only looks, opened by a browser that cannot send a key.
 */
export type Access = 'public' | 'client' | 'operator' | 'operator_read' | 'operator_page';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Whose key came with the request; null on public routes. */
    client: string | null;
    /** Who orders or looks; null on routes that are not for operators. */
    operator: Operator | null;
  }
}

export interface AccessKeys {
  /** Client name → key; empty when none are configured. */
  readonly keys: ReadonlyMap<string, string>;
  /** The key of the operators; null when none is configured. No client key ever opens what this one opens. */
  readonly opsKey: string | null;
  /** The key of those who may look and change nothing; null when none is configured. */
  readonly opsReadKey: string | null;
  readonly production: boolean;
  readonly now: () => number;
}

export const readOnlyKey = problem(
  'read_only_key',
  'This operator key may only look: it changes nothing. Use the one of OPS_KEY.',
  'authorization',
);

/** The name under which programs on this machine are served while no keys are configured. */
export const localClient = 'local';

export function authenticate(app: FastifyInstance, access: AccessKeys): void {
  const { keys, production } = access;
  const clientOf = keyReader(keys);
  const operators = openOperatorGate(access);
  app.decorateRequest('client', null);
  app.decorateRequest('operator', null);
  app.addHook('onRequest', (request, _reply, done) => {
    // A path without a route has nothing to protect, and "no such path" helps more than "no key".
    if (request.is404) return done();
    switch (request.routeOptions.config.access) {
      case 'public':
        return done();
      case 'client':
        request.client =
          keys.size > 0 ? clientOf(request.headers.authorization) : clientWithoutKeys(request, production);
        return done();
      case 'operator':
        request.operator = operators.byKey(request);
        if (request.operator.role === 'operator_read') throw new Refusal(readOnlyKey);
        return done();
      case 'operator_read':
        request.operator = operators.byKey(request);
        return done();
      case 'operator_page':
        request.operator = operators.byTicket(request);
        return done();
      case undefined:
        throw unauthorized('missing_api_key', 'This path is not open to anybody.');
    }
  });
}

/** More spellings of correct headers than a handful of clients use. */
const recognisedMax = 1_000;

/**
 * Tells whose key an `Authorization` header holds. Digests are compared, and all of them, so that the time taken says
 * nothing about how much of a key was right; a header that was right before is recognised without that work.
 */
function keyReader(keys: AccessKeys['keys']): (header: string | undefined) => string {
  const known = [...keys].map(([client, key]) => ({ client, digest: sha256(key) }));
  const recognised = new Map<string, string>();

  return (header = '') => {
    const before = recognised.get(header);
    if (before !== undefined) return before;
    const presented = presentedKey(header);
    if (presented === null) throw unauthorized('missing_api_key', 'Send a client key: Authorization: Bearer <key>.');
    const digest = sha256(presented);
    let client: string | null = null;
    for (const candidate of known) if (timingSafeEqual(candidate.digest, digest)) client = candidate.client;
    if (client === null) throw unauthorized('invalid_api_key', 'This client key is not known to the service.');
    if (recognised.size < recognisedMax) recognised.set(header, client);
    return client;
  };
}

function clientWithoutKeys(request: FastifyRequest, production: boolean): string {
  assertLocal(request, production, 'client keys', 'CLIENT_KEYS=name=key');
  return localClient;
}
