import { webhookDelivery, webhookDeliveryList } from '@video-proxy/contracts';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { presentDelivery } from '../../presentation/delivery.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { noSuchJob } from './not-found.ts';
import { jobParams } from './schemas.ts';

const deliveryParams = jobParams.extend({
  delivery_id: z.string().max(100).meta({ description: 'The id of a delivery: `evt_…`.' }),
});

export function addDeliveryRoutes(app: ApiServer, { jobs }: SurfaceParts): void {
  app.get(
    '/v1/jobs/:id/deliveries',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'The webhooks that told of the end of a video, oldest first, with every try',
        tags: ['jobs'],
        params: jobParams,
        response: { 200: webhookDeliveryList, ...openaiErrors(400, 401, 404, 503) },
      },
    },
    async (request, reply) => {
      const deliveries = await jobs.deliveries(askerOf(request), request.params.id);
      if (deliveries === null) throw noSuchJob();
      return reply.send({ object: 'list', data: deliveries.map(presentDelivery) });
    },
  );

  app.post(
    '/v1/jobs/:id/deliveries/:delivery_id/resend',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'resendWebhook',
        summary: 'Send a webhook again, now; turns a receiver that was off on again when it succeeds',
        tags: ['jobs'],
        params: deliveryParams,
        response: { 202: webhookDelivery, ...openaiErrors(400, 401, 404, 503) },
      },
    },
    async (request, reply) => {
      const { id, delivery_id: deliveryId } = request.params;
      const delivery = await jobs.resend(askerOf(request), id, deliveryId);
      if (delivery === null) throw noSuchDelivery();
      return reply.code(202).send(presentDelivery(delivery));
    },
  );
}

/** The same whether it does not exist or belongs to somebody else's job. */
function noSuchDelivery(): Refusal {
  return new Refusal(problem('not_found', 'There is no such delivery of a webhook of this job.', 'delivery_id'));
}
