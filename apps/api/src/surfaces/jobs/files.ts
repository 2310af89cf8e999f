import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { sendFile } from '../../http/send-file.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { noSuchJob } from './not-found.ts';
import { jobParams } from './schemas.ts';
import { fileQuery, posterToSend, videoToSend } from './stored-files.ts';

type FileRequest = FastifyRequest<{ Params: z.output<typeof jobParams>; Querystring: z.output<typeof fileQuery> }>;

const picture = { description: 'A JPEG picture', content: { 'image/jpeg': { schema: z.string() } } };
const elsewhere = {
  description: 'Where the storage has it, for a while',
  content: { 'text/plain': { schema: z.null() } },
};
const bytes = (description: string) => ({ description, content: { 'video/mp4': { schema: z.string() } } });

export function addFileRoutes(app: ApiServer, parts: SurfaceParts): void {
  const { jobs } = parts;
  const send = async (request: FileRequest, reply: FastifyReply) => {
    const job = await jobs.get(askerOf(request), request.params.id);
    if (job === null) throw noSuchJob();
    return sendFile(videoToSend(job, parts, request.query), request, reply);
  };
  // HEAD is a route of its own: the one that Fastify adds would claim a length of 0.
  app.head(
    '/v1/jobs/:id/video',
    { config: { access: 'client' }, schema: { hide: true, params: jobParams, querystring: fileQuery } },
    send,
  );
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
        querystring: fileQuery,
        response: {
          200: bytes('The file'),
          302: elsewhere,
          206: bytes('A part of it'),
          ...openaiErrors(400, 401, 404, 416, 503),
        },
      },
    },
    send,
  );

  const sendPoster = async (request: FileRequest, reply: FastifyReply) => {
    const job = await jobs.get(askerOf(request), request.params.id);
    if (job === null) throw noSuchJob();
    return sendFile(await posterToSend(job, parts, request.query), request, reply);
  };
  app.head(
    '/v1/jobs/:id/poster',
    { config: { access: 'client' }, schema: { hide: true, params: jobParams, querystring: fileQuery } },
    sendPoster,
  );
  app.get(
    '/v1/jobs/:id/poster',
    {
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'downloadPoster',
        summary: 'A still of the video, or a drawn card when none could be taken',
        tags: ['jobs'],
        params: jobParams,
        querystring: fileQuery,
        response: { 200: picture, 206: picture, ...openaiErrors(400, 401, 404, 416, 503) },
      },
    },
    sendPoster,
  );
}
