import { waitSecondsMax } from '@video-proxy/contracts';
import { publicStatuses } from '@video-proxy/core';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf, ordererOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { changedJob } from '../changed-job.ts';
import { cancelInWords, jobInOneLine } from '../job-in-words.ts';
import { noSuchJob } from '../jobs/not-found.ts';
import { modelQuery, modelsInWords } from '../models-in-words.ts';
import type { Explain } from '../problem-in-words.ts';
import { repeatedRequestKey } from '../repeated-request.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { videoWish, wantedOf } from '../video-wish.ts';
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
const hidden = { config: { access: 'client' } } as const;

/** What the document in document.ts describes. What is wrong with a request is an answer here, too: the model has to read it. */
export function addActionRoutes(app: ApiServer, parts: LibrechatParts): void {
  const { jobs, viewer, catalog, explain, now } = parts;
  const answer = (request: FastifyRequest, make: (baseUrl: string) => Promise<ActionAnswer>) =>
    answered(request.id, explain, () => make(baseUrlOf(request, parts.publicBaseUrl)));

  app.post(
    '/librechat/actions/videos',
    { ...hidden, schema: { hide: true, body: z.unknown() } },
    async (request, reply) =>
      reply.send(
        await answer(request, async (baseUrl) => {
          const wish = readWish(
            request.body,
            catalog.list().map(({ id }) => id),
          );
          const wanted = wantedOf(wish);
          const conversation = null;
          const idempotencyKey =
            idempotencyKeyOf(request) ??
            repeatedRequestKey(wanted, { conversation, variant: wish.variant, nowMs: now() });
          const outcome = await jobs.create(wanted, { asker: askerOf(request), requestId: request.id, idempotencyKey });
          if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
          request.jobId = outcome.job.id;
          return aboutJob(await viewer.present(outcome.job, baseUrl));
        }),
      ),
  );

  app.get(
    '/librechat/actions/videos/:id',
    { ...hidden, schema: { hide: true, params: jobParams, querystring: readQuery } },
    async (request, reply) => {
      const { id } = request.params;
      const waitMs = request.query.wait_seconds * 1_000;
      const read = () =>
        waitMs === 0
          ? jobs.get(askerOf(request), id)
          : jobs.wait(askerOf(request), id, { waitMs, signal: goneSignal(reply, parts.closing) });
      return reply.send(
        await answer(request, async (baseUrl) => {
          const job = await read();
          if (job === null) throw noSuchJob();
          return aboutJob(await viewer.present(job, baseUrl));
        }),
      );
    },
  );

  app.post(
    '/librechat/actions/videos/:id/cancel',
    { ...hidden, schema: { hide: true, params: jobParams } },
    async (request, reply) =>
      reply.send(
        await answer(request, async (baseUrl) => {
          const job = changedJob(await jobs.cancel(ordererOf(request), request.params.id));
          const wire = await viewer.present(job, baseUrl);
          return aboutJob(wire, cancelInWords(wire));
        }),
      ),
  );

  app.get(
    '/librechat/actions/videos',
    { ...hidden, schema: { hide: true, querystring: listQuery } },
    async (request, reply) =>
      reply.send(
        await answer(request, async (baseUrl) => {
          const { jobs: found } = await jobs.list(askerOf(request), request.query);
          const lines = await Promise.all(found.map(async (job) => jobInOneLine(await viewer.present(job, baseUrl))));
          return aboutMany(lines.length === 0 ? 'There are no video jobs yet.' : lines.join('\n'));
        }),
      ),
  );

  app.get(
    '/librechat/actions/models',
    { ...hidden, schema: { hide: true, querystring: modelQuery } },
    async (request, reply) =>
      reply.send(await answer(request, async () => aboutMany(modelsInWords(catalog, request.query).text))),
  );
}

/** Wrong arguments are told like anything else that is refused. */
function readWish(body: unknown, models: readonly string[]) {
  const read = videoWish(models).safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const param = issue?.path.join('.') ?? null;
  throw new Refusal({ code: 'invalid_request', message: `${issue?.message ?? 'The request is not valid'}.`, param });
}
