import { z } from 'zod';
import { standingHold, unixSeconds } from './evidence.ts';
import { givenTime } from './given-time.ts';

const reasonLengthMax = 500;

export const pauseBody = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1)
    .max(reasonLengthMax)
    .meta({ description: 'Shown to everybody whose job waits: no secrets.' }),
  until: givenTime.nullish().meta({ description: 'The pause ends by itself then; without it an operator ends it.' }),
});

export const resumeBody = z.strictObject({ reason: z.string().trim().max(reasonLengthMax).nullish() });

/** A pause by operators, as it stands. */
export const dispatchPause = z.object({
  reason: z.string(),
  by: z.string().nullable(),
  since: unixSeconds,
  until: unixSeconds.nullable(),
});

/** The answer to pausing and resuming. */
export const dispatchState = z.object({
  paused: dispatchPause.nullable(),
  waiting_jobs: z.int(),
  /** How long a held job waits before it fails with `hold_expired`. */
  hold_max_seconds: z.int(),
});

const stepQueue = z.object({
  /** `submit`, `poll`, `store`, and whatever other kind of step there is. */
  step: z.string(),
  waiting: z.int(),
  active: z.int(),
  delayed: z.int(),
  /** When the next delayed step is due, or was; null without one. */
  oldest_due_at: unixSeconds.nullable(),
  /** How long it is overdue. */
  lag_seconds: z.number(),
});

const waitingOwner = z.object({
  owner: z.string(),
  waiting: z.int(),
  underway: z.int(),
  oldest_since: unixSeconds.nullable(),
});

/** `GET /ops/api/queues`. */
export const operatorQueues = dispatchState.extend({
  steps: z.array(stepQueue),
  turns: z.object({
    /** Owners with waiting jobs. */
    owners: z.int(),
    /** The owners whose turns come next, at most fifty. */
    next: z.array(waitingOwner),
  }),
  holds: z.array(standingHold),
});

export type DispatchState = z.output<typeof dispatchState>;
export type OperatorQueues = z.output<typeof operatorQueues>;
export type PauseBody = z.output<typeof pauseBody>;
