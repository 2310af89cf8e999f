import { publicStatusOf, type VideoJob } from '@video-proxy/core';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { sendVideo } from '../../http/send-video.ts';
import { storedVideoOf } from '../../presentation/video-job.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { noSuchJob } from './not-found.ts';
import { jobParams } from './schemas.ts';

const bytes = (description: string) => ({ description, content: { 'video/mp4': { schema: z.string() } } });

export function addFileRoutes(app: ApiServer, { jobs, storage }: SurfaceParts): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/jobs/:id/video',
    config: { access: 'client' },
    schema: {
      operationId: 'downloadVideo',
      summary: 'The video file, whole or in part',
      tags: ['jobs'],
      params: jobParams,
      response: { 200: bytes('The file'), 206: bytes('A part of it'), ...openaiErrors(401, 404, 416, 503) },
    },
    handler: async (request, reply) => {
      const job = await jobs.get(askerOf(request), request.params.id);
      if (job === null) throw noSuchJob();
      return sendVideo({ video: videoToSend(job), filename: `${job.id}.mp4`, storage }, request, reply);
    },
  });

  app.get(
    '/v1/jobs/:id/poster',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'downloadPoster',
        summary: 'A still of the video; none are made yet, so this is always 404',
        tags: ['jobs'],
        params: jobParams,
        response: openaiErrors(401, 404, 503),
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
