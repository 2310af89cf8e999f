import { operatorOrderBody } from '@video-proxy/contracts';
import type { VideoJob } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Orderer } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import type { ApiServer } from '../../server.ts';
import { changedJob } from '../changed-job.ts';
import { jobParams } from '../jobs/schemas.ts';
import type { SurfaceParts } from '../surface-parts.ts';

const options = {
  config: { access: 'operator' },
  schema: { hide: true, params: jobParams, body: operatorOrderBody.prefault({}) },
} as const;

type OrderBody = z.output<typeof operatorOrderBody>;

const operatorWith = ({ reason }: OrderBody): Orderer => ({ role: 'operator', reason: reason || null });

export function addOperatorOrderRoutes(app: ApiServer, { jobs, viewer, publicBaseUrl }: SurfaceParts): void {
  const present = async (job: VideoJob, request: FastifyRequest, reply: FastifyReply) =>
    reply.send(await viewer.present(job, baseUrlOf(request, publicBaseUrl)));

  app.post('/ops/api/jobs/:id/cancel', options, async (request, reply) => {
    const { params, body } = request;
    return present(changedJob(await jobs.cancel(operatorWith(body), params.id)), request, reply);
  });

  app.post('/ops/api/jobs/:id/retry', options, async (request, reply) => {
    const { params, body } = request;
    const consent = { confirmCost: body.confirm_cost };
    return present(changedJob(await jobs.retry(operatorWith(body), params.id, consent)), request, reply.code(202));
  });

  app.post('/ops/api/jobs/:id/recheck', options, async (request, reply) => {
    const { params, body } = request;
    return present(changedJob(await jobs.recheck(operatorWith(body), params.id)), request, reply.code(202));
  });

  app.delete('/ops/api/jobs/:id', options, async (request, reply) => {
    const { id } = changedJob(await jobs.delete(operatorWith(request.body), request.params.id));
    return reply.send({ id, object: 'video.job.deleted', deleted: true });
  });
}
