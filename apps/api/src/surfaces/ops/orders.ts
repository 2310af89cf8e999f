import { operatorOrderBody } from '@video-proxy/contracts';
import { said, type VideoJob } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Orderer } from '../../asker.ts';
import { type OrderOutcome, refusedBy } from '../../audit.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { operatorOf } from '../../operator-gate.ts';
import { auditedJob } from '../../presentation/audit.ts';
import type { ApiServer } from '../../server.ts';
import type { ChangeOutcome } from '../../video-jobs/index.ts';
import { changedJob } from '../changed-job.ts';
import { noSuchJob } from '../jobs/not-found.ts';
import { jobParams } from '../jobs/schemas.ts';
import type { OpsParts } from './parts.ts';

const options = {
  config: { access: 'operator' },
  schema: { hide: true, params: jobParams, body: operatorOrderBody.prefault({}) },
} as const;

type OrderBody = z.output<typeof operatorOrderBody>;

type OrderRequest = FastifyRequest & { readonly params: { readonly id: string }; readonly body: OrderBody };

export function addOperatorOrderRoutes(app: ApiServer, { jobs, viewer, audit, publicBaseUrl }: OpsParts): void {
  const present = async (job: VideoJob, request: FastifyRequest, reply: FastifyReply) =>
    reply.send(await viewer.present(job, baseUrlOf(request, publicBaseUrl)));

  async function carryOut(
    request: OrderRequest,
    order: 'cancel' | 'retry' | 'recheck' | 'delete',
    run: (orderer: Orderer, id: string) => Promise<ChangeOutcome>,
  ): Promise<VideoJob> {
    const { id } = request.params;
    const job = await jobs.find(id);
    if (job === null) throw noSuchJob();
    const operator = operatorOf(request);
    const reason = request.body.reason || null;
    const orderer = { role: 'operator', reason, name: operator.name } as const;
    const about = { action: `job.${order}`, target: { type: 'job', id } } as const;
    const asked = { operator, ...about, reason, requestId: request.id, before: auditedJob(job) };
    return changedJob(await audit.carryOut(asked, async () => audited(await run(orderer, id), order === 'delete')));
  }

  app.post('/ops/api/jobs/:id/cancel', options, async (request, reply) =>
    present(await carryOut(request, 'cancel', jobs.cancel), request, reply),
  );

  app.post('/ops/api/jobs/:id/retry', options, async (request, reply) => {
    const consent = { confirmCost: request.body.confirm_cost };
    const job = await carryOut(request, 'retry', (orderer, id) => jobs.retry(orderer, id, consent));
    return present(job, request, reply.code(202));
  });

  app.post('/ops/api/jobs/:id/recheck', options, async (request, reply) =>
    present(await carryOut(request, 'recheck', jobs.recheck), request, reply.code(202)),
  );

  app.delete('/ops/api/jobs/:id', options, async (request, reply) => {
    const { id } = await carryOut(request, 'delete', jobs.delete);
    return reply.send({ id, object: 'video.job.deleted', deleted: true });
  });
}

function audited(result: ChangeOutcome, isGone: boolean): OrderOutcome<ChangeOutcome> {
  switch (result.kind) {
    case 'done':
      return { result, outcome: 'done', message: null, after: isGone ? null : auditedJob(result.job) };
    case 'missing':
      return { result, outcome: 'refused', message: 'The job was gone.', said: said('bulk_gone'), after: null };
    case 'refused':
      return { result, ...refusedBy(result.problem), after: null };
  }
}
