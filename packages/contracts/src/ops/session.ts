import { z } from 'zod';

export const operatorRoles = ['operator', 'operator_read'] as const;

/**
 * `GET /ops/api/session`: what the caller may do. `POST /ops/api/session` answers the same, and sets the cookie that opens
 * `/ops/queues` for a while.
 */
export const operatorSession = z.object({
  role: z.enum(operatorRoles),
  /** `loopback`: no operator key is configured, and the caller is a program on this machine. */
  authentication: z.enum(['key', 'loopback']),
  version: z.string(),
  provider: z.enum(['aimlapi', 'sandbox']),
  /** Where the queues beneath can be looked at. */
  queues_path: z.string(),
});

export type OperatorSession = z.output<typeof operatorSession>;
