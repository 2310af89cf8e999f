import { z } from 'zod';
import { said } from '../said.ts';
import { providerEvidence } from '../video-job.ts';

export const unixSeconds = z.int();

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

export type StandingHoldWire = z.output<typeof standingHold>;
