import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLocalCaller } from './http/local-caller.ts';
import { problem, Refusal } from './problem.ts';

/** Who may call a route. A route that does not say is closed to everybody. */
export type Access = 'public' | 'client' | 'operator';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Whose key came with the request; null on public routes. */
    client: string | null;
  }
}

export interface AccessKeys {
  /** Client name → key; empty when none are configured. */
  readonly keys: ReadonlyMap<string, string>;
  /** The key of the operators; null when none is configured. No client key ever opens what this one opens. */
  readonly opsKey: string | null;
  readonly production: boolean;
}

/** The name under which programs on this machine are served while no keys are configured. */
const localClient = 'local';

export function authenticate(app: FastifyInstance, { keys, opsKey, production }: AccessKeys): void {
  const clientOf = keyReader(keys);
  const admitOperator = operatorGate(opsKey, production);
  app.decorateRequest('client', null);
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
        admitOperator(request);
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

function presentedKey(header = ''): string | null {
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? null;
}

/** Lets operators through and nobody else. Without a key of their own the rule for callers without keys decides. */
function operatorGate(opsKey: string | null, production: boolean): (request: FastifyRequest) => void {
  if (opsKey === null) {
    return (request) => assertLocal(request, production, 'operator key', 'OPS_KEY=<key>');
  }
  const expected = sha256(opsKey);
  return ({ headers }) => {
    const presented = presentedKey(headers.authorization);
    if (presented === null) {
      throw unauthorized('missing_api_key', 'Send the operator key: Authorization: Bearer <key>.');
    }
    if (!timingSafeEqual(expected, sha256(presented))) {
      throw unauthorized('invalid_api_key', 'This is not the operator key of the service.');
    }
  };
}

function unauthorized(code: 'missing_api_key' | 'invalid_api_key', text: string): Refusal {
  return new Refusal(problem(code, text, 'authorization'));
}

function clientWithoutKeys(request: FastifyRequest, production: boolean): string {
  assertLocal(request, production, 'client keys', 'CLIENT_KEYS=name=key');
  return localClient;
}

/** While no keys are configured, programs on this machine are served, and in production nobody. */
function assertLocal(request: FastifyRequest, production: boolean, keys: string, setting: string): void {
  if (!production && isLocalCaller(request.raw)) return;
  const reason = production
    ? `No ${keys} configured.`
    : `Without ${keys} only programs on the same machine are served, addressed directly as localhost.`;
  throw unauthorized('missing_api_key', `${reason} Set ${setting} and send Authorization: Bearer <key>.`);
}

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
