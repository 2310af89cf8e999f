import { videoJobStates } from '@video-proxy/core';
import { z } from 'zod';
import { json } from './json.ts';
import { said } from './said.ts';
import { videoJobWire } from './video-job.ts';

const reasonLengthMax = 500;

/** The body of an operator's order about one job. */
export const operatorOrderBody = z.strictObject({
  reason: z.string().trim().max(reasonLengthMax).nullish().meta({ description: 'Kept in the history of the job.' }),
  confirm_cost: z
    .boolean()
    .default(false)
    .meta({ description: 'Required for a retry when the last attempt may have been billed.' }),
});

/** One line of a job's history, with everything that was written down about it. */
const recordedEvent = z.object({
  id: z.string(),
  type: z.string(),
  created_at: z.int(),
  phase: z.enum(videoJobStates),
  details: z.record(z.string(), json),
  /** What this service found out by itself, where the event is about that. */
  finding: z.string().nullable(),
  said,
});

/** `GET /ops/api/jobs/{id}`. */
export const inspectedJob = z.object({
  job: videoJobWire,
  owner: z.string(),
  /** Until when an ended job is still looked at. */
  watched_until: z.int().nullable(),
  events: z.array(recordedEvent),
});

export type InspectedJob = z.output<typeof inspectedJob>;
