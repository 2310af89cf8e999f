import { Counter, type Registry } from 'prom-client';
import { type DeliveryObserver, deliveryOutcomes } from './delivery-observer.ts';

export function deliveryMetrics(registry: Registry): DeliveryObserver {
  const settled = new Counter({
    name: 'video_proxy_webhook_deliveries_total',
    help: 'Webhooks by what became of a try: delivered, not_taken (tried again), failed (given up); off: not tried, the receiver is off',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // An increase that begins with the first event is none to Prometheus.
  for (const outcome of deliveryOutcomes) settled.inc({ outcome }, 0);
  return ({ outcome }) => settled.inc({ outcome });
}
