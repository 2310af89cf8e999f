import { waitSecondsMax } from '@video-proxy/contracts';
import { publicStatuses } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf, ordererOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { readAs } from '../../http/validation.ts';
import type { ApiServer } from '../../server.ts';
import { changedJob } from '../changed-job.ts';
import { cancelInWords, jobInOneLine } from '../job-in-words.ts';
import { noSuchJob } from '../jobs/not-found.ts';
import { modelQuery, modelsInWords } from '../models-in-words.ts';
import type { Explain } from '../problem-in-words.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { videoWish } from '../video-wish.ts';
import { wishedVideo } from '../wished-video.ts';
import { type ActionAnswer, aboutJob, aboutMany, answered } from './answers.ts';

export interface LibrechatParts extends SurfaceParts {
  readonly explain: Explain;
}

const jobParams = z.object({ id: z.string().max(64) });
const readQuery = z.object({ wait_seconds: z.coerce.number().min(0).max(waitSecondsMax).default(0) });
const listQuery = z.object({
  status: z.enum(publicStatuses).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(10),
});

/** Without schemas: what is wrong with a request has to be an answer, too, because the model has to read it. */
const action = { config: { access: 'client' }, schema: { hide: true } } as const;

/** What the document in document.ts describes. */
export function addActionRoutes(app: ApiServer, parts: LibrechatParts): void {
  const { jobs, viewer, catalog, explain } = parts;

  type Answer = (request: FastifyRequest, baseUrl: string, reply: FastifyReply) => Promise<ActionAnswer>;
  const handler = (answer: Answer) => async (request: FastifyRequest, reply: FastifyReply) =>
    reply.send(
      await answered(request.id, explain, () => answer(request, baseUrlOf(request, parts.publicBaseUrl), reply)),
    );

  app.post(
    '/librechat/actions/videos',
    action,
    handler(async (request, baseUrl) => {
      const asker = askerOf(request);
      const idempotencyKey = idempotencyKeyOf(request);
      const context = { asker, requestId: request.id, idempotencyKey, conversation: null };
      const job = await wishedVideo(parts, readAs(videoWish, request.body), context);
      request.jobId = job.id;
      return aboutJob(await viewer.present(job, baseUrl));
    }),
  );

  app.get(
    '/librechat/actions/videos/:id',
    action,
    handler(async (request, baseUrl, reply) => {
      const { id } = readAs(jobParams, request.params);
      const waitMs = readAs(readQuery, request.query).wait_seconds * 1_000;
      const asker = askerOf(request);
      const job =
        waitMs === 0
          ? await jobs.get(asker, id)
          : await jobs.wait(asker, id, { waitMs, signal: goneSignal(reply, parts.closing) });
      if (job === null) throw noSuchJob();
      return aboutJob(await viewer.present(job, baseUrl));
    }),
  );

  app.post(
    '/librechat/actions/videos/:id/cancel',
    action,
    handler(async (request, baseUrl) => {
      const { id } = readAs(jobParams, request.params);
      const wire = await viewer.present(changedJob(await jobs.cancel(ordererOf(request), id)), baseUrl);
      return aboutJob(wire, cancelInWords(wire));
    }),
  );

  app.get(
    '/librechat/actions/videos',
    action,
    handler(async (request, baseUrl) => {
      const { jobs: found } = await jobs.list(askerOf(request), readAs(listQuery, request.query));
      const lines = await Promise.all(found.map(async (job) => jobInOneLine(await viewer.present(job, baseUrl))));
      return aboutMany(lines.length === 0 ? 'There are no video jobs yet.' : lines.join('\n'));
    }),
  );

  app.get(
    '/librechat/actions/models',
    action,
    handler(async (request) => aboutMany(modelsInWords(catalog, readAs(modelQuery, request.query)).text)),
  );
}
