import { openaiVideoContentQuery } from '@video-proxy/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { sendFile } from '../../http/send-file.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import { jobParams } from '../jobs/schemas.ts';
import { posterToSend, videoToSend } from '../jobs/stored-files.ts';
import { noSuchVideo, type OpenaiVideosParts } from './parts.ts';

type ContentRequest = FastifyRequest<{
  Params: z.output<typeof jobParams>;
  Querystring: z.output<typeof openaiVideoContentQuery>;
}>;

/** Who asks here saves what comes; players have the link in `video_proxy.url`. */
const toSave = { download: '' };

const file = (description: string) => ({
  description,
  content: { 'video/mp4': { schema: z.string() }, 'image/jpeg': { schema: z.string() } },
});
const elsewhere = {
  description: 'Where the storage has it, for a while',
  content: { 'text/plain': { schema: z.null() } },
};

export function addContentRoutes(app: ApiServer, parts: OpenaiVideosParts): void {
  const send = async (request: ContentRequest, reply: FastifyReply) => {
    const job = await parts.jobs.get(askerOf(request), request.params.id);
    if (job === null) throw noSuchVideo();
    switch (request.query.variant) {
      case 'video':
        return sendFile(videoToSend(job, parts, toSave), request, reply);
      case 'thumbnail':
        return sendFile(await posterToSend(job, parts, toSave), request, reply);
      case 'spritesheet': {
        const text = 'This service makes no sprite sheets. Ask for variant=thumbnail, or take frames from the video.';
        throw new Refusal(problem('not_supported', text, 'variant'));
      }
    }
  };
  // HEAD is a route of its own: the one that Fastify adds would claim a length of 0.
  app.head(
    '/v1/videos/:id/content',
    {
      config: { access: 'client' },
      schema: { hide: true, params: jobParams, querystring: openaiVideoContentQuery },
    },
    send,
  );
  app.get(
    '/v1/videos/:id/content',
    {
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'downloadVideoContent',
        summary: 'The video, or a still of it (variant=thumbnail), whole or in part',
        tags: ['videos'],
        params: jobParams,
        querystring: openaiVideoContentQuery,
        response: {
          200: file('The file'),
          206: file('A part of it'),
          302: elsewhere,
          ...openaiErrors(400, 401, 404, 416, 503),
        },
      },
    },
    send,
  );
}
