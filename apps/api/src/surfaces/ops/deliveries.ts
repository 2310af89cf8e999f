import { listDeliveriesQuery } from '@video-proxy/contracts';
import { z } from 'zod';
import { presentDelivery } from '../../presentation/delivery.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';

const deliveryParams = z.object({ id: z.string().max(100) });

export function addDeliveryLogRoutes(app: ApiServer, { jobs }: SurfaceParts): void {
  app.get(
    '/ops/api/deliveries',
    { config: { access: 'operator' }, schema: { hide: true, querystring: listDeliveriesQuery } },
    async (request, reply) => {
      const { limit, after } = request.query;
      const page = await jobs.deliveryLog({ limit, ...(after === undefined ? {} : { after }) });
      const data = page.deliveries.map((delivery) => ({ ...presentDelivery(delivery), owner: delivery.owner }));
      return reply
        .header('cache-control', 'no-store')
        .send({ object: 'list', data, last_id: data.at(-1)?.id ?? null, has_more: page.hasMore });
    },
  );

  app.post(
    '/ops/api/deliveries/:id/resend',
    { config: { access: 'operator' }, schema: { hide: true, params: deliveryParams } },
    async (request, reply) => {
      const delivery = await jobs.resendAny(request.params.id);
      if (delivery === null) throw new Refusal(problem('not_found', 'There is no such delivery of a webhook.', 'id'));
      return reply.code(202).send(presentDelivery(delivery));
    },
  );
}
