import { listDeliveriesQuery, operatorOrderBody } from '@video-proxy/contracts';
import { z } from 'zod';
import { operatorOf } from '../../operator-gate.ts';
import { presentDelivery } from '../../presentation/delivery.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import type { OpsParts } from './parts.ts';

const deliveryParams = z.object({ id: z.string().max(100) });
const reasonBody = operatorOrderBody.pick({ reason: true });

export function addDeliveryLogRoutes(app: ApiServer, { jobs, audit }: OpsParts): void {
  app.get(
    '/ops/api/deliveries',
    { config: { access: 'operator_read' }, schema: { hide: true, querystring: listDeliveriesQuery } },
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
    { config: { access: 'operator' }, schema: { hide: true, params: deliveryParams, body: reasonBody.prefault({}) } },
    async (request, reply) => {
      const { id } = request.params;
      const found = await jobs.findDelivery(id);
      if (found === null) throw noSuchDelivery();
      const operator = operatorOf(request);
      const reason = request.body.reason || null;
      const about = { action: 'delivery.resend', target: { type: 'delivery', id } } as const;
      const order = { operator, ...about, reason, requestId: request.id };
      const delivery = await audit.carryOut({ ...order, before: { state: found.state } }, async () => {
        const result = await jobs.resendAny(id);
        if (result === null) throw noSuchDelivery();
        return { result, outcome: 'done', message: null, after: { state: result.state } };
      });
      return reply.code(202).send(presentDelivery(delivery));
    },
  );
}

function noSuchDelivery(): Refusal {
  return new Refusal(problem('not_found', 'There is no such delivery of a webhook.', 'id'));
}
