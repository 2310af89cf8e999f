import { deletedVideoJob, retryVideoJobBody, videoJobWire } from '@video-proxy/contracts';
import { ordererOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import type { ApiServer } from '../../server.ts';
import { changedJob } from '../changed-job.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { jobParams } from './schemas.ts';

export function addOrderRoutes(app: ApiServer, { jobs, viewer, publicBaseUrl }: SurfaceParts): void {
  app.post(
    '/v1/jobs/:id/cancel',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'cancelVideoJob',
        summary: 'Stop a video; one that was already sent to the provider may still be billed',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: videoJobWire, ...openaiErrors(400, 401, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const job = changedJob(await jobs.cancel(ordererOf(request), request.params.id));
      return reply.send(await viewer.present(job, baseUrlOf(request, publicBaseUrl)));
    },
  );

  app.post(
    '/v1/jobs/:id/retry',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'retryVideoJob',
        summary: 'Start another attempt of a failed video',
        tags: ['jobs'],
        params: jobParams,
        body: retryVideoJobBody.prefault({}),
        response: { 202: videoJobWire, ...openaiErrors(400, 401, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const consent = { confirmCost: request.body.confirm_cost };
      const job = changedJob(await jobs.retry(ordererOf(request), request.params.id, consent));
      const wire = await viewer.present(job, baseUrlOf(request, publicBaseUrl));
      return reply.code(202).header('location', wire.links.self).send(wire);
    },
  );

  app.post(
    '/v1/jobs/:id/recheck',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'recheckVideoJob',
        summary: 'Ask the provider once more about a failed video that has a generation id; never starts another one',
        tags: ['jobs'],
        params: jobParams,
        response: { 202: videoJobWire, ...openaiErrors(400, 401, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const job = changedJob(await jobs.recheck(ordererOf(request), request.params.id));
      const wire = await viewer.present(job, baseUrlOf(request, publicBaseUrl));
      return reply.code(202).header('location', wire.links.self).send(wire);
    },
  );

  app.delete(
    '/v1/jobs/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'deleteVideoJob',
        summary: 'Delete an ended video and its file for good',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: deletedVideoJob, ...openaiErrors(400, 401, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const { id } = changedJob(await jobs.delete(ordererOf(request), request.params.id));
      return reply.send({ id, object: 'video.job.deleted', deleted: true });
    },
  );
}
