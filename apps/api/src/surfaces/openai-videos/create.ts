import { createOpenaiVideoBody, openaiVideo, remixOpenaiVideoBody } from '@video-proxy/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askerOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import type { NewVideoJob } from '../../video-jobs/index.ts';
import { openaiErrors } from '../documented-errors.ts';
import { jobParams } from '../jobs/schemas.ts';
import { noSuchVideo, type OpenaiVideosParts } from './parts.ts';
import { hintPolling } from './polling.ts';
import { presentNewVideo, remixedFrom } from './present.ts';
import { inOpenaiTerms, wantedVideo } from './wanted-video.ts';

const consumes = ['application/json', 'multipart/form-data'];

/** The wire allows a data: URI of 20,971,520 characters, and a picture of as many bytes is the largest that is kept; then the other fields. */
const bodyLimit = 21 * 1024 * 1024;

export function addCreateRoutes(app: ApiServer, parts: OpenaiVideosParts): void {
  app.post(
    '/v1/videos',
    {
      config: { access: 'client', creates: true },
      bodyLimit,
      schema: {
        operationId: 'createVideo',
        summary: 'Ask for a video',
        tags: ['videos'],
        consumes,
        body: createOpenaiVideoBody,
        response: { 200: openaiVideo, ...openaiErrors(400, 401, 404, 409, 413, 415, 503) },
      },
    },
    async (request, reply) => create(wantedVideo(request.body, parts), request.body, request, reply, parts),
  );

  app.post(
    '/v1/videos/:id/remix',
    {
      config: { access: 'client', creates: true },
      schema: {
        operationId: 'remixVideo',
        summary:
          'A new video with the model and parameters of another one and a new prompt; its pictures are made anew',
        tags: ['videos'],
        consumes,
        params: jobParams,
        body: remixOpenaiVideoBody,
        response: { 200: openaiVideo, ...openaiErrors(400, 401, 404, 409, 413, 415, 503) },
      },
    },
    async (request, reply) => {
      const source = await parts.jobs.get(askerOf(request), request.params.id);
      if (source === null) throw noSuchVideo();
      const { model, parameters } = source;
      const wanted = { model, parameters, prompt: request.body.prompt, metadata: { [remixedFrom]: source.id } };
      return create(wanted, request.body, request, reply, parts);
    },
  );
}

async function create(
  wanted: NewVideoJob,
  body: Readonly<Record<string, unknown>>,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: OpenaiVideosParts,
): Promise<FastifyReply> {
  const outcome = await parts.jobs.create(wanted, {
    asker: askerOf(request),
    requestId: request.id,
    idempotencyKey: idempotencyKeyOf(request),
  });
  if (outcome.kind === 'refused') throw new Refusal(inOpenaiTerms(outcome.problem, body));
  request.jobId = outcome.job.id;
  if (outcome.kind === 'replayed') reply.header('idempotency-replayed', 'true');
  hintPolling(reply, outcome.job);
  return reply.send(await presentNewVideo(outcome.job, parts, baseUrlOf(request, parts.publicBaseUrl)));
}
