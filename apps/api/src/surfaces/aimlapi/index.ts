/**
 * The provider's own wire, so that a client written for it works by changing its base URL; and the one route of the original
 * video proxy. The generation id on this wire is the id of our video job.
 */
import { createGenerationBody, generationWire, readGenerationQuery } from '@video-proxy/contracts';
import type { JsonObject } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askerOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { aimlapiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { presentGeneration } from './generation.ts';

export function aimlapiSurface(app: ApiServer, parts: SurfaceParts): void {
  addCreateRoute(app, parts, { url: '/v2/video/generations', operationId: 'createGeneration' });
  addCreateRoute(app, parts, { url: '/video/generate', operationId: 'generateVideo' });
  addReadRoute(app, parts);
}

function addCreateRoute(
  app: ApiServer,
  { jobs, publicBaseUrl }: SurfaceParts,
  { url, operationId }: { readonly url: string; readonly operationId: string },
): void {
  app.post(
    url,
    {
      config: { access: 'client', creates: true },
      schema: {
        operationId,
        summary: "Ask for a video with the provider's own request",
        tags: ['aimlapi'],
        body: createGenerationBody,
        response: { 200: generationWire, ...aimlapiErrors(400, 401, 404, 409, 413, 415, 503) },
      },
    },
    async (request, reply) => {
      const { model, prompt, ...parameters } = request.body;
      const outcome = await jobs.create(
        // A JSON body holds JSON.
        { model, prompt: prompt ?? null, parameters: parameters as JsonObject, metadata: {} },
        { asker: askerOf(request), requestId: request.id, idempotencyKey: idempotencyKeyOf(request) },
      );
      if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
      request.jobId = outcome.job.id;
      if (outcome.kind === 'replayed') reply.header('idempotency-replayed', 'true');
      correlate(request, reply, outcome.job.id);
      return reply.send(presentGeneration(outcome.job, baseUrlOf(request, publicBaseUrl)));
    },
  );
}

/** The id of the generation, and the caller's own id when it is one that the provider would not ignore. */
function correlate({ headers }: FastifyRequest, reply: FastifyReply, id: string): void {
  reply.header('x-inference-id', id);
  const own = headers['x-client-request-id'];
  if (typeof own === 'string' && /^[\w.:-]{1,128}$/.test(own)) reply.header('x-client-request-id', own);
}

function addReadRoute(app: ApiServer, { jobs, publicBaseUrl }: SurfaceParts): void {
  app.get(
    '/v2/video/generations',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'getGeneration',
        summary: 'How a generation is coming along',
        tags: ['aimlapi'],
        querystring: readGenerationQuery,
        response: { 200: generationWire, ...aimlapiErrors(400, 401, 404, 503) },
      },
    },
    async (request, reply) => {
      const job = await jobs.get(askerOf(request), request.query.generation_id);
      if (job === null) throw new Refusal(problem('not_found', 'Generation not found.', 'generation_id'));
      request.jobId = job.id;
      correlate(request, reply, job.id);
      return reply.send(presentGeneration(job, baseUrlOf(request, publicBaseUrl)));
    },
  );
}
