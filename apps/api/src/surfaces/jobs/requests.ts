import {
  createVideoJobBody,
  listVideoJobsQuery,
  readVideoJobQuery,
  videoJobList,
  videoJobWire,
} from '@video-proxy/contracts';
import { isTerminal, type VideoJob } from '@video-proxy/core';
import type { FastifyReply } from 'fastify';
import { askerOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { noSuchJob } from './not-found.ts';
import { jobParams } from './schemas.ts';

/** A job changes every few seconds at most; who wants to know sooner waits (`wait_seconds`) or listens (`/events`). */
const pollAfterSeconds = 5;

export function addCreateRoute(app: ApiServer, { jobs, viewer, publicBaseUrl }: SurfaceParts): void {
  app.post(
    '/v1/jobs',
    {
      config: { access: 'client', creates: true },
      schema: {
        operationId: 'createVideoJob',
        summary: 'Ask for a video',
        tags: ['jobs'],
        body: createVideoJobBody,
        response: { 202: videoJobWire, ...openaiErrors(400, 401, 404, 409, 413, 415, 503) },
      },
    },
    async (request, reply) => {
      const { model, prompt = null, parameters, metadata, webhook_url: webhookUrl = null } = request.body;
      const outcome = await jobs.create(
        { model, prompt, parameters, metadata, webhookUrl },
        { asker: askerOf(request), requestId: request.id, idempotencyKey: idempotencyKeyOf(request) },
      );
      if (outcome.kind === 'refused') throw new Refusal(outcome.problem);
      request.jobId = outcome.job.id;
      const wire = await viewer.presentNew(outcome.job, baseUrlOf(request, publicBaseUrl));
      if (outcome.kind === 'replayed') reply.header('idempotency-replayed', 'true');
      hintPolling(reply, outcome.job);
      return reply.code(202).header('location', wire.links.self).send(wire);
    },
  );
}

export function addReadRoutes(app: ApiServer, { jobs, viewer, publicBaseUrl, closing }: SurfaceParts): void {
  app.get(
    '/v1/jobs/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'getVideoJob',
        summary: 'How a video is coming along',
        tags: ['jobs'],
        params: jobParams,
        querystring: readVideoJobQuery,
        response: { 200: videoJobWire, ...openaiErrors(400, 401, 404, 503) },
      },
    },
    async (request, reply) => {
      const waitMs = request.query.wait_seconds * 1_000;
      const asker = askerOf(request);
      const job =
        waitMs === 0
          ? await jobs.get(asker, request.params.id)
          : await jobs.wait(asker, request.params.id, { waitMs, signal: goneSignal(reply, closing) });
      if (job === null) throw noSuchJob();
      hintPolling(reply, job);
      return reply.send(await viewer.present(job, baseUrlOf(request, publicBaseUrl)));
    },
  );

  app.get(
    '/v1/jobs',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'listVideoJobs',
        summary: 'Your video jobs, newest first',
        tags: ['jobs'],
        querystring: listVideoJobsQuery,
        response: { 200: videoJobList, ...openaiErrors(400, 401, 503) },
      },
    },
    async (request, reply) => {
      const page = await jobs.list(askerOf(request), request.query);
      const baseUrl = baseUrlOf(request, publicBaseUrl);
      const data = await Promise.all(page.jobs.map((job) => viewer.present(job, baseUrl)));
      const lastId = page.next ?? data.at(-1)?.id ?? null;
      return reply.send({
        object: 'list',
        data,
        first_id: data[0]?.id ?? null,
        last_id: lastId,
        has_more: page.hasMore,
      });
    },
  );
}

function hintPolling(reply: FastifyReply, job: VideoJob): void {
  if (!isTerminal(job.lifecycle.state)) reply.header('retry-after', pollAfterSeconds);
}
