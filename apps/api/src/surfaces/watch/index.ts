/** `/v/{token}`: one video for whoever has its unguessable link: no login, nothing else to be seen. */
import { z } from 'zod';
import { baseUrlOf } from '../../http/base-url.ts';
import { sendEventStream } from '../../http/event-stream.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { addWatchFileRoutes } from './files.ts';
import { languageOf } from './language.ts';
import { liveViews } from './live.ts';
import { mediaOriginOf } from './media-origin.ts';
import { pagePolicyWith, renderPage } from './page.ts';
import { previewTags } from './preview.ts';
import { headingOf, renderView } from './view.ts';
import { keepPrivate, notice, watchedJobOf, watchParams } from './watched-job.ts';
import { wordsOf } from './words.ts';

const html = { description: 'A page', content: { 'text/html': { schema: z.string() } } };
const stream = { description: 'An event stream', content: { 'text/event-stream': { schema: z.string() } } };

export function watchSurface(app: ApiServer, parts: SurfaceParts): void {
  const { viewer, publicBaseUrl, closing, now } = parts;
  const watchedJob = watchedJobOf(parts);
  const mediaOrigin = mediaOriginOf(parts);

  app.get(
    '/v/:token',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'watchVideo',
        summary: 'The watch page, in English or Chinese',
        tags: ['watch'],
        params: watchParams,
        response: { 200: html, 404: notice },
      },
    },
    async (request, reply) => {
      keepPrivate(reply, pagePolicyWith(await mediaOrigin()));
      const { token } = request.params;
      const job = await watchedJob(request, token);
      const wire = await viewer.present(job, baseUrlOf(request, publicBaseUrl));
      const language = languageOf(request.headers);
      const title = headingOf(wire, wordsOf[language]);
      const isOver = wire.status === 'completed' || wire.status === 'failed';
      // Relative to this page, so that it also works behind a proxy that puts a path in front.
      const page = renderPage({
        language,
        title,
        head: previewTags(wire, title),
        main: renderView(wire, { language, filesPath: token, nowMs: now() }),
        eventsPath: isOver ? null : `${token}/events`,
      });
      return reply.type('text/html; charset=utf-8').header('vary', 'accept-language').send(page);
    },
  );

  app.get(
    '/v/:token/events',
    {
      config: { access: 'public' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'followWatchedVideo',
        summary: 'What the watch page shows, as server-sent events, until the video has ended',
        tags: ['watch'],
        params: watchParams,
        response: { 200: stream, 404: notice },
      },
    },
    async (request, reply) => {
      keepPrivate(reply);
      const { token } = request.params;
      const job = await watchedJob(request, token);
      const language = languageOf(request.headers);
      const baseUrl = baseUrlOf(request, publicBaseUrl);
      const signal = goneSignal(reply, closing);
      return sendEventStream(reply, liveViews(job, parts, { token, language, baseUrl, signal }));
    },
  );

  addWatchFileRoutes(app, parts, watchedJob);
}
