import type { WebhookDelivery } from '@video-proxy/contracts';
import type { Delivery } from '@video-proxy/core';
import { unixSeconds } from './view.ts';

export function presentDelivery(delivery: Delivery): WebhookDelivery {
  const { id, jobId, type, url, state, createdAtMs, nextTryAtMs, tries } = delivery;
  const { origin, pathname } = new URL(url);
  return {
    id,
    object: 'webhook.delivery',
    job_id: jobId,
    type,
    url: origin + pathname,
    state,
    created_at: unixSeconds(createdAtMs),
    next_try_at: nextTryAtMs === null ? null : unixSeconds(nextTryAtMs),
    tries: tries.map(({ atMs, statusCode, finding, code }) => ({
      at: unixSeconds(atMs),
      status_code: statusCode,
      error: finding,
      code: code ?? null,
    })),
  };
}
