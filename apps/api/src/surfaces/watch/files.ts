import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type FileToSend, sendFile } from '../../http/send-file.ts';
import type { ApiServer } from '../../server.ts';
import { fileQuery, posterToSend, videoToSend } from '../jobs/stored-files.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { keepPrivate, notice, type WatchedJob, watchParams } from './watched-job.ts';

type FileRequest = FastifyRequest<{
  Params: z.output<typeof watchParams>;
  Querystring: z.output<typeof fileQuery>;
}>;

const bytesOf = (contentType: string, description: string) => ({
  description,
  content: { [contentType]: { schema: z.string() } },
});

/** The files of a watch link. They need no key, because players and chat apps cannot send one. */
export function addWatchFileRoutes(app: ApiServer, parts: SurfaceParts, watchedJob: WatchedJob): void {
  addFileRoute(app, watchedJob, {
    name: 'video.mp4',
    operationId: 'watchVideoFile',
    summary: 'The video of a watch link',
    contentType: 'video/mp4',
    find: async (job, query) => videoToSend(job, parts, query),
  });
  addFileRoute(app, watchedJob, {
    name: 'poster.jpg',
    operationId: 'watchPoster',
    summary: 'The poster of a watch link',
    contentType: 'image/jpeg',
    find: (job, query) => posterToSend(job, parts, query),
  });
}

interface WatchFile {
  readonly name: string;
  readonly operationId: string;
  readonly summary: string;
  readonly contentType: string;
  readonly find: (job: Awaited<ReturnType<WatchedJob>>, query: z.output<typeof fileQuery>) => Promise<FileToSend>;
}

function addFileRoute(
  app: ApiServer,
  watchedJob: WatchedJob,
  { name, operationId, summary, contentType, find }: WatchFile,
): void {
  const url = `/v/:token/${name}`;
  const asked = { params: watchParams, querystring: fileQuery };
  const send = async (request: FileRequest, reply: FastifyReply) => {
    keepPrivate(reply);
    const job = await watchedJob(request, request.params.token);
    return sendFile(await find(job, request.query), request, reply);
  };
  // HEAD is a route of its own: the one that Fastify adds would claim a length of 0.
  app.head(url, { config: { access: 'public' }, schema: { hide: true, ...asked } }, send);
  app.get(
    url,
    {
      config: { access: 'public' },
      exposeHeadRoute: false,
      schema: {
        operationId,
        summary,
        tags: ['watch'],
        ...asked,
        response: {
          200: bytesOf(contentType, 'The file'),
          206: bytesOf(contentType, 'A part of it'),
          404: notice,
          416: notice,
        },
      },
    },
    send,
  );
}
