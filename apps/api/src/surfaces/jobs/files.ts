import { publicStatusOf, storedVideoOf, type VideoJob } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { sendVideo } from '../../http/send-video.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { noSuchJob } from './not-found.ts';
import { jobParams } from './schemas.ts';

const bytes = (description: string) => ({ description, content: { 'video/mp4': { schema: z.string() } } });

export function addFileRoutes(app: ApiServer, { jobs, storage }: SurfaceParts): void {
  const send = async (request: FastifyRequest<{ Params: z.output<typeof jobParams> }>, reply: FastifyReply) => {
    const job = await jobs.get(askerOf(request), request.params.id);
    if (job === null) throw noSuchJob();
    return sendVideo({ video: videoToSend(job), filename: `${job.id}.mp4`, storage }, request, reply);
  };
  // HEAD is a route of its own: the one that Fastify adds would claim a length of 0.
  app.head('/v1/jobs/:id/video', { config: { access: 'client' }, schema: { hide: true, params: jobParams } }, send);
  app.get(
    '/v1/jobs/:id/video',
    {
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'downloadVideo',
        summary: 'The video file, whole or in part',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: bytes('The file'), 206: bytes('A part of it'), ...openaiErrors(400, 401, 404, 416, 503) },
      },
    },
    send,
  );

  app.get(
    '/v1/jobs/:id/poster',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'downloadPoster',
        summary: 'A still of the video; none are made yet, so this is always 404',
        tags: ['jobs'],
        params: jobParams,
        response: openaiErrors(400, 401, 404, 503),
      },
    },
    async (request) => {
      const job = await jobs.get(askerOf(request), request.params.id);
      throw job === null ? noSuchJob() : noPosters();
    },
  );
}

/** The stored file of a job, or the reason why there is none. */
export function videoToSend({ lifecycle }: VideoJob) {
  const video = storedVideoOf(lifecycle);
  if (video !== null) return video;
  const text = `There is no video: the job is ${publicStatusOf(lifecycle.state)} (${lifecycle.state}).`;
  throw new Refusal(problem('video_not_ready', text));
}

export function noPosters(): Refusal {
  return new Refusal(problem('not_found', 'This service makes no posters: links.poster is null.'));
}
