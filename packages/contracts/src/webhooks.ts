import { z } from 'zod';

const unixSeconds = z.int();

const webhookType = z.enum(['video.completed', 'video.failed']);

/** What a receiver is sent, signed by the rules of Standard Webhooks. Thin: whoever wants to know more reads the job. */
export const webhookEvent = z.object({
  id: z.string().meta({ description: 'The same as the header webhook-id, and the same for every try.' }),
  object: z.literal('event'),
  created_at: unixSeconds,
  type: webhookType.meta({ description: 'A cancelled job has failed too; the job tells why.' }),
  data: z.object({ id: z.string().meta({ description: 'The id of the video job.' }) }),
});

export const webhookDelivery = z
  .object({
    id: z.string(),
    object: z.literal('webhook.delivery'),
    job_id: z.string(),
    type: webhookType,
    url: z.string().meta({ description: 'The receiver, without its query, which may hold a secret.' }),
    state: z.enum(['pending', 'delivered', 'failed', 'off']).meta({
      description:
        'off: the receiver took nothing for a whole round of tries, or answered 410, and is not called any more. Resending, once it succeeds, turns it on again.',
    }),
    created_at: unixSeconds,
    next_try_at: unixSeconds.nullable(),
    tries: z.array(
      z.object({
        at: unixSeconds,
        status_code: z.int().nullable(),
        error: z.string().nullable().meta({ description: 'Why it does not count as delivered.' }),
        code: z.string().nullable().meta({
          description:
            'Why the receiver was not reached at all, in a word: `timeout`, `ECONNREFUSED`, `outbound_refused`, …',
        }),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

export type WebhookDelivery = z.output<typeof webhookDelivery>;

export const webhookDeliveryList = z
  .object({ object: z.literal('list'), data: z.array(webhookDelivery) })
  .meta({ id: 'WebhookDeliveryList' });

export const listDeliveriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(100).optional().meta({ description: 'The last id of the previous page.' }),
});

/** Longest address of a receiver in characters. */
export const webhookUrlLengthMax = 2_048;
