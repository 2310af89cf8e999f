/** `/v/{token}`: one video for whoever has its unguessable link: no login, no JavaScript, nothing else to be seen. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { baseUrlOf } from '../../http/base-url.ts';
import { sendFile } from '../../http/send-file.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { watchTokenOf } from '../../video-jobs/index.ts';
import { fileQuery, posterToSend, videoToSend } from '../jobs/stored-files.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { pagePolicy } from './page.ts';
import { renderWatchPage } from './watch-page.ts';

const params = z.object({ token: z.string() });
type FileRequest = FastifyRequest<{ Params: z.output<typeof params>; Querystring: z.output<typeof fileQuery> }>;

const html = { description: 'A page', content: { 'text/html': { schema: z.string() } } };
const notice = { description: 'A page that says why', content: { 'text/html': { schema: z.string() } } };
const picture = { description: 'A JPEG picture', content: { 'image/jpeg': { schema: z.string() } } };
const film = (description: string) => ({ description, content: { 'video/mp4': { schema: z.string() } } });

export function watchSurface(app: ApiServer, parts: SurfaceParts): void {
  const { jobs, viewer, publicBaseUrl } = parts;
  /** The link is a secret: it must not reach other sites as a referrer, nor a search engine. */
  const keepPrivate = (reply: FastifyReply) =>
    reply.headers({
      'content-security-policy': pagePolicy,
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });

  const watchedJob = async (request: FastifyRequest, token: string) => {
    const job = await jobs.getWatched(token);
    if (job === null) throw new Refusal(problem('not_found', 'This link leads to no video. It may have been deleted.'));
    request.jobId = job.id;
    return job;
  };

  app.get(
    '/v/:token',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'watchVideo',
        summary: 'The watch page',
        tags: ['watch'],
        params,
        response: { 200: html, 404: notice },
      },
    },
    async (request, reply) => {
      keepPrivate(reply);
      const job = await watchedJob(request, request.params.token);
      const wire = await viewer.present(job, baseUrlOf(request, publicBaseUrl));
      // Relative to this page, so that it also works behind a proxy that puts a path in front.
      const page = renderWatchPage(wire, `${watchTokenOf(job)}/video.mp4`);
      return reply.type('text/html; charset=utf-8').send(page);
    },
  );

  const send = async (request: FileRequest, reply: FastifyReply) => {
    keepPrivate(reply);
    const job = await watchedJob(request, request.params.token);
    return sendFile(videoToSend(job, parts, request.query), request, reply);
  };
  app.head(
    '/v/:token/video.mp4',
    { config: { access: 'public' }, schema: { hide: true, params, querystring: fileQuery } },
    send,
  );
  app.get(
    '/v/:token/video.mp4',
    {
      config: { access: 'public' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchVideoFile',
        summary: 'The video of a watch link',
        tags: ['watch'],
        params,
        querystring: fileQuery,
        response: { 200: film('The file'), 206: film('A part of it'), 404: notice, 416: notice },
      },
    },
    send,
  );

  const sendPoster = async (request: FileRequest, reply: FastifyReply) => {
    keepPrivate(reply);
    const job = await watchedJob(request, request.params.token);
    return sendFile(await posterToSend(job, parts, request.query), request, reply);
  };
  app.head(
    '/v/:token/poster.jpg',
    { config: { access: 'public' }, schema: { hide: true, params, querystring: fileQuery } },
    sendPoster,
  );
  app.get(
    '/v/:token/poster.jpg',
    {
      config: { access: 'public' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'watchPoster',
        summary: 'The poster of a watch link',
        tags: ['watch'],
        params,
        querystring: fileQuery,
        response: { 200: picture, 206: picture, 404: notice, 416: notice },
      },
    },
    sendPoster,
  );
}
