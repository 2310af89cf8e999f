import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * For answers that nobody should render, frame, guess the type of or keep. Pages and files set their own where they
 * differ. Written out because five constant headers are all that applies here (no markup, TLS ends at a proxy).
 */
const protection = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Keys come in a header that no browser adds by itself, so any page that has one may call; the one cookie opens pages of operators only. */
const anyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'location, retry-after, openai-poll-after-ms, x-should-retry, x-request-id, idempotency-replayed, content-range, content-length, content-disposition, accept-ranges, etag',
} as const;

const preflight = {
  'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
  'access-control-max-age': '600',
} as const;

/** Headers of every answer, errors included, and the answer to a browser that asks whether a page may call us. */
export function addCommonHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    setProtection(request, reply);
    if (request.headers.origin === undefined) return done();
    reply.headers(anyOrigin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return done();
    const wanted = request.headers['access-control-request-headers'] ?? '';
    reply
      .code(204)
      .headers({ ...preflight, 'access-control-allow-headers': wanted, vary: 'access-control-request-headers' });
    reply.send();
  });
}

/** For the few answers that no hook comes by. */
export function setProtection(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id).headers(protection);
}
