import { type VideoJobEventWire, videoJobEventWire } from '@video-proxy/contracts';
import { publicStatusOf } from '@video-proxy/core';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { formatEvent, keepAlive, sendEventStream } from '../../http/event-stream.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { unixSeconds } from '../../presentation/view.ts';
import type { ApiServer } from '../../server.ts';
import type { Followed } from '../../video-jobs/index.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { noSuchJob } from './not-found.ts';
import { jobParams } from './schemas.ts';

const quietMs = 10_000;
const longestMs = 3_600_000;
/** What `EventSource` waits before it connects again. */
const reconnectLine = 'retry: 2000\n\n';

/** `12` was the last event seen; `12-end` says that the end of the job was seen too. */
const lastEventId = /^(\d{1,15})(-end)?$/;

export function addEventRoute(app: ApiServer, parts: SurfaceParts): void {
  const { jobs, publicBaseUrl, closing } = parts;
  app.get(
    '/v1/jobs/:id/events',
    {
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'followVideoJob',
        summary: 'What happens to a video, as server-sent events: its history, then live, until it ends',
        tags: ['jobs'],
        params: jobParams,
        response: {
          200: { description: 'An event stream', content: { 'text/event-stream': { schema: videoJobEventWire } } },
          204: z.undefined().meta({ description: 'The end was seen already: nothing will follow' }),
          ...openaiErrors(401, 404, 503),
        },
      },
    },
    async (request, reply) => {
      const job = await jobs.get(askerOf(request), request.params.id);
      if (job === null) throw noSuchJob();
      const [, after = null, end] = lastEventId.exec(headerOf(request)) ?? [];
      const signal = goneSignal(reply, closing);
      const follow = () => jobs.follow(job.id, { after, quietMs, longestMs, signal });
      // 204 is how a server tells `EventSource` to stop connecting again. A late video or an order may have come since.
      if (end !== undefined && 'endedAtMs' in job.lifecycle && !(await bringsNews(follow()))) {
        return reply.code(204).send();
      }
      const happenings = follow();
      return sendEventStream(reply, frames(happenings, after, parts, baseUrlOf(request, publicBaseUrl)));
    },
  );
}

async function bringsNews(happenings: AsyncGenerator<Followed>): Promise<boolean> {
  const { value } = await happenings.next();
  await happenings.return(undefined);
  return value?.kind === 'event';
}

async function* frames(
  happenings: AsyncIterable<Followed>,
  after: string | null,
  { viewer }: SurfaceParts,
  baseUrl: string,
): AsyncGenerator<string> {
  yield reconnectLine;
  let seen = after ?? '0';
  for await (const followed of happenings) {
    switch (followed.kind) {
      case 'event': {
        seen = followed.event.id;
        yield formatEvent({
          id: seen,
          event: followed.event.type,
          data: await presentEvent(followed, viewer, baseUrl),
        });
        break;
      }
      case 'quiet':
        yield keepAlive;
        break;
      case 'ended':
        yield formatEvent({ id: `${seen}-end`, event: 'job', data: await viewer.present(followed.job, baseUrl) });
    }
  }
}

async function presentEvent(
  { event, job }: Extract<Followed, { kind: 'event' }>,
  viewer: SurfaceParts['viewer'],
  baseUrl: string,
): Promise<VideoJobEventWire> {
  // Why it waits or failed is a fact of the job, and belongs to this event while the job is still as the event left it.
  const isCurrent = event.state === job.lifecycle.state && event.attempt === job.attempt;
  const { hold, error } = isCurrent ? await viewer.present(job, baseUrl) : { hold: null, error: null };
  return {
    type: event.type,
    created_at: unixSeconds(event.atMs),
    status: publicStatusOf(event.state),
    phase: event.state,
    attempt: event.attempt,
    hold,
    error,
  };
}

function headerOf({ headers }: FastifyRequest): string {
  const value = headers['last-event-id'];
  return typeof value === 'string' ? value : '';
}
