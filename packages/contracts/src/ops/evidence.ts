import { z } from 'zod';
import { providerEvidence } from '../video-job.ts';

export const unixSeconds = z.int();

/**
 * What the text beside it was made from, for whoever tells it in another language: a stable code, and what stands in the
 * sentence. Null where the text is in the words of the provider or of an operator.
 */
export const said = z
  .object({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) })
  .nullable();

/** Why submissions wait. `subject` is the fingerprint of an account's key, or a model id. */
export const standingHold = z.object({
  scope: z.enum(['ops', 'credential', 'provider', 'account', 'model']),
  subject: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  said,
  since: unixSeconds,
  /** When the pause ends, or the next trial may go; null while nobody knows. */
  until: unixSeconds.nullable(),
  /** Requests refused in a row. */
  tries: z.int().nullable(),
  /** The operator who paused, where one did. */
  by: z.string().nullable(),
  provider: providerEvidence.nullable(),
});

export type SaidWire = z.output<typeof said>;
export type StandingHoldWire = z.output<typeof standingHold>;
