/**
 * `/mcp`: the Model Context Protocol over streamable HTTP, stateless: each POST is a conversation of its own, so any process may
 * answer it and a restart loses nothing. Measured with the clients of both protocol generations.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import type { Call } from './call.ts';
import { openMcpDoor } from './door.ts';
import type { McpParts } from './parts.ts';

const answer = {
  description: 'JSON-RPC, as JSON or as server-sent events',
  content: { 'application/json': { schema: z.unknown() } },
};

export function mcpSurface(app: ApiServer, parts: SurfaceParts & Pick<McpParts, 'explain'>): void {
  const door = lazily(() => openMcpDoor(parts));

  app.post(
    '/mcp',
    {
      config: { access: 'client', creates: true },
      schema: {
        operationId: 'mcp',
        summary: 'The Model Context Protocol: tools to make, follow, list and cancel videos',
        tags: ['chat'],
        body: z.unknown(),
        response: { 200: answer, ...openaiErrors(400, 401, 413, 415) },
      },
    },
    async (request, reply) => {
      const call: Call = {
        asker: askerOf(request),
        requestId: request.id,
        baseUrl: baseUrlOf(request, parts.publicBaseUrl),
        idempotencyKey: idempotencyKeyOf(request),
        conversation: filledIn(request, 'x-librechat-conversation-id'),
        isAbout: (jobId) => {
          request.jobId = jobId;
        },
        gone: () => goneSignal(reply, parts.closing),
      };
      return (await door()).answer(request, call, reply);
    },
  );

  app.route({
    // Without sessions there is no stream to open and none to end; clients take 405 for that (measured on LibreChat).
    method: ['GET', 'HEAD', 'DELETE'],
    url: '/mcp',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (_request, reply) => {
      reply.header('allow', 'POST');
      throw new Refusal(problem('method_not_allowed', 'This endpoint keeps no sessions: send JSON-RPC with POST.'));
    },
  });
}

function lazily<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => (opened ??= open());
}

/** A header whose template was filled in. */
function filledIn({ headers }: FastifyRequest, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' && !value.includes('{{') ? value : null;
}
