import { deletedOpenaiVideo, listOpenaiVideosQuery, openaiVideo, openaiVideoList } from '@video-proxy/contracts';
import { askerOf, ordererOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import { jobParams } from '../jobs/schemas.ts';
import { noSuchVideo, type OpenaiVideosParts } from './parts.ts';
import { hintPolling } from './polling.ts';
import { presentVideo } from './present.ts';

export function addReadRoutes(app: ApiServer, parts: OpenaiVideosParts): void {
  const { jobs, publicBaseUrl } = parts;
  app.get(
    '/v1/videos/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'retrieveVideo',
        summary: 'How a video is coming along',
        tags: ['videos'],
        params: jobParams,
        response: { 200: openaiVideo, ...openaiErrors(400, 401, 404, 503) },
      },
    },
    async (request, reply) => {
      const job = await jobs.get(askerOf(request), request.params.id);
      if (job === null) throw noSuchVideo();
      hintPolling(reply, job);
      return reply.send(await presentVideo(job, parts, baseUrlOf(request, publicBaseUrl)));
    },
  );

  app.get(
    '/v1/videos',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'listVideos',
        summary: 'Your videos, however they were asked for',
        tags: ['videos'],
        querystring: listOpenaiVideosQuery,
        response: { 200: openaiVideoList, ...openaiErrors(400, 401, 503) },
      },
    },
    async (request, reply) => {
      const { limit, order, after } = request.query;
      // A page of none still tells whether there is anything.
      const page = await jobs.list(askerOf(request), {
        limit: Math.max(1, limit),
        order: order === 'asc' ? 'oldest' : 'newest',
        after,
      });
      const baseUrl = baseUrlOf(request, publicBaseUrl);
      const data = await Promise.all(page.jobs.slice(0, limit).map((job) => presentVideo(job, parts, baseUrl)));
      const last_id = limit === 0 ? null : (page.next ?? data.at(-1)?.id ?? null);
      const has_more = page.hasMore || page.jobs.length > limit;
      return reply.send({ object: 'list', data, first_id: data[0]?.id ?? null, last_id, has_more });
    },
  );

  app.delete(
    '/v1/videos/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'deleteVideo',
        summary: 'Delete a completed or failed video and its files for good',
        tags: ['videos'],
        params: jobParams,
        response: { 200: deletedOpenaiVideo, ...openaiErrors(400, 401, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const outcome = await jobs.delete(ordererOf(request), request.params.id);
      if (outcome.kind === 'missing') throw noSuchVideo();
      if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
      return reply.send({ id: outcome.job.id, object: 'video.deleted', deleted: true });
    },
  );
}
