import type { FastifyRequest } from 'fastify';
import { problem, Refusal } from '../problem.ts';

const lengthMax = 255;

/**
 * The caller's word that two requests are one, or null. LibreChat repeats a create up to six times without such a header
 * (measured), but can be set up to name the message it belongs to.
 */
export function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const explicit = headers['idempotency-key'];
  if (explicit !== undefined) {
    if (typeof explicit === 'string' && explicit !== '' && explicit.length <= lengthMax) return explicit;
    const text = `Idempotency-Key must have 1 to ${lengthMax} characters.`;
    throw new Refusal(problem('invalid_request', text, 'Idempotency-Key'));
  }
  const message = headers['x-librechat-message-id'];
  // A template that was not filled in would make one key of all messages.
  return typeof message === 'string' && message !== '' && !message.includes('{{') ? message.slice(0, lengthMax) : null;
}
