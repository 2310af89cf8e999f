import { credentialStates } from '@video-proxy/core';
import { z } from 'zod';

const part = z.object({
  state: z.enum(['ok', 'unavailable']),
  finding: z.string().nullable().meta({ description: 'What is wrong, for an operator.' }),
});

/** `GET /readyz`: what an operator or a platform asks first. Holds no secret. */
export const readiness = z
  .object({
    status: z.enum(['ready', 'unavailable']).meta({
      description:
        '`ready` while jobs can be accepted, also while they are held. `unavailable`: creates and retries get 503.',
    }),
    provider: z.enum(['aimlapi', 'sandbox']),
    redis: part,
    workers: z.object({
      count: z.int().nullable().meta({ description: 'Live ones; null while Redis is away.' }),
      last_heartbeat: z.int().nullable(),
      // A service that was started before this key existed is asked by the newer `doctor`, too.
      unrecorded_generations: z.int().nullable().default(null).meta({
        description:
          'Generations that the provider accepted and that are in no job, because the ledger could not be written; their ids are in fatal lines of the log. Null while Redis is away.',
      }),
    }),
    credential: z
      .object({
        state: z.enum(credentialStates),
        fingerprint: z.string().nullable().meta({ description: "The first 8 hex digits of the key's SHA-256." }),
        since: z.int(),
        checked_at: z.int().nullable(),
        last_provider_request_id: z
          .string()
          .nullable()
          .meta({ description: 'Quote it to the support of the provider.' }),
        finding: z.string().nullable(),
      })
      .meta({ description: 'The account of this service at the provider, as the workers know it.' }),
    storage: part,
  })
  .meta({ id: 'Readiness' });

export type Readiness = z.output<typeof readiness>;
