import { z } from 'zod';
import { unixSeconds } from './evidence.ts';

/** A live worker. What an earlier version does not tell is null. */
export const operatorWorker = z.object({
  id: z.string(),
  host: z.string(),
  version: z.string(),
  provider: z.enum(['aimlapi', 'sandbox']),
  key_fingerprint: z.string().nullable(),
  key_source: z.enum(['environment', 'file', 'sandbox']).nullable(),
  started_at: unixSeconds,
  last_heartbeat: unixSeconds,
  /** By the name of the step. */
  steps_in_hand: z.record(z.string(), z.int()).nullable(),
  unrecorded_generations: z.int(),
});

/** `GET /ops/api/workers`. */
export const operatorWorkers = z.object({
  workers: z.array(operatorWorker),
  /** Live workers send with more than one key. */
  keys_differ: z.boolean(),
  /** The poll that should have run longest ago. */
  poll_lag: z.object({ oldest_due_at: unixSeconds.nullable(), lag_seconds: z.number() }),
});

export type OperatorWorker = z.output<typeof operatorWorker>;
export type OperatorWorkers = z.output<typeof operatorWorkers>;
