import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../scenarios/behaviour.ts';
import { type CallIdentity, type EnvelopeStyle, enclose, type RawAnswer, type Refusal } from '../wire/envelopes.ts';
import { type Trouble, type TroubleWord, troubles } from '../wire/troubles.ts';

/** The identity of the recorded refusal of 2025-12-05. */
const incidentIdentity = { requestId: 'hRNOI9BMsuLeZ76UNdGhS', timestamp: '2025-12-05T13:46:30.569Z' };

/** Refuses a call in one of the provider's envelopes. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  style: EnvelopeStyle = 'gateway',
): FastifyReply {
  return send(reply, enclose(refusal, style, identityOf(request)));
}

/** Lets a call go wrong the way the word says. */
export function misbehave(
  request: FastifyRequest,
  reply: FastifyReply,
  word: TroubleWord,
  behaviour: Behaviour,
): FastifyReply {
  const trouble: Trouble = troubles[word];
  switch (trouble.kind) {
    case 'refusal':
      setRetryAfter(reply, trouble.refusal.status, behaviour.retryAfter);
      return refuse(request, reply, trouble.refusal, behaviour.envelope ?? trouble.envelope);
    case 'incident':
      reply.header('x-request-id', incidentIdentity.requestId);
      return send(reply, enclose(trouble.refusal, 'gateway', { ...identityOf(request), ...incidentIdentity }));
    case 'page':
      return send(reply, trouble);
    case 'hang':
      return reply.hijack();
    case 'reset':
      request.raw.socket.resetAndDestroy();
      return reply.hijack();
    case 'cut':
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '2000' });
      reply.raw.write('{"id":"QC4qjlUKt8Ze', () => request.raw.socket.destroy());
      return reply;
  }
}

function send(reply: FastifyReply, answer: RawAnswer): FastifyReply {
  return reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
}

function setRetryAfter(reply: FastifyReply, status: number, retryAfter: string | null): void {
  if (retryAfter === null || (status !== 429 && status !== 503)) return;
  reply.header('retry-after', retryAfter === 'date' ? new Date(Date.now() + 2_000).toUTCString() : retryAfter);
}

function identityOf(request: FastifyRequest): CallIdentity {
  return { requestId: request.id, path: request.url, timestamp: new Date().toISOString() };
}
