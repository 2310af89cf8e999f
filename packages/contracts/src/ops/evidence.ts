import { z } from 'zod';

export const unixSeconds = z.int();

/** What the provider said, in its own words; quote request_id to its support. */
export const operatorEvidence = z.object({
  name: z.enum(['aimlapi', 'sandbox']),
  status_code: z.int().nullable(),
  request_id: z.string().nullable(),
  path: z.string().nullable(),
  timestamp: z.string().nullable(),
  kind: z.string().nullable(),
  message: z.string().nullable(),
  client_request_id: z.string().nullable(),
});

/** Why submissions wait. `subject` is the fingerprint of an account's key, or a model id. */
export const standingHold = z.object({
  scope: z.enum(['ops', 'credential', 'provider', 'account', 'model']),
  subject: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  since: unixSeconds,
  /** When the pause ends, or the next trial may go; null while nobody knows. */
  until: unixSeconds.nullable(),
  /** Requests refused in a row. */
  tries: z.int().nullable(),
  /** The operator who paused, where one did. */
  by: z.string().nullable(),
  provider: operatorEvidence.nullable(),
});

export type StandingHoldWire = z.output<typeof standingHold>;
