import type { FastifyReply } from 'fastify';

/** Aborts when the caller hangs up before the answer is complete, or when the process is to end. */
export function goneSignal(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}
