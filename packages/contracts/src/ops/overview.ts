import { videoJobStates } from '@video-proxy/core';
import { z } from 'zod';
import { said } from '../said.ts';
import { providerEvidence } from '../video-job.ts';
import { operatorCredential } from './credential.ts';
import { standingHold, unixSeconds } from './evidence.ts';
import { dispatchPause } from './queues.ts';
import { operatorWorkers } from './workers.ts';

/**
 * Something a person has to look at. `code` and `facts` are for translations and scripts; title, detail and action are the
 * same in words.
 */
export const attentionItem = z.object({
  severity: z.enum(['critical', 'warning', 'info']),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  since: unixSeconds.nullable(),
  /** What to do next; null when it passes by itself. */
  action: z.string().nullable(),
  /** A page of the console, such as `/ops/credential`. */
  link: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  said,
  provider: providerEvidence.nullable(),
});

/** The jobs created within an hour, and what has become of them. */
const hourOfJobs = z.object({
  from: unixSeconds,
  created: z.int(),
  completed: z.int(),
  /** Without the cancelled ones. */
  failed: z.int(),
});

const spread = z.object({ p50_seconds: z.number(), p90_seconds: z.number() });

/** `GET /ops/api/overview`. */
export const operatorOverview = z.object({
  generated_at: unixSeconds,
  version: z.string(),
  provider: z.enum(['aimlapi', 'sandbox']),
  /** `down`: no job can be accepted. `degraded`: jobs wait, or something else is critical. */
  health: z.enum(['ok', 'degraded', 'down']),
  /** The most urgent first. */
  attention: z.array(attentionItem),
  jobs: z.object({
    total: z.int(),
    by_state: z.record(z.enum(videoJobStates), z.int()),
  }),
  /** The last 24 hours, oldest first; the last one is still running. */
  hours: z.array(hourOfJobs),
  waiting: z.object({
    jobs: z.int(),
    owners: z.int(),
    /** Since when the job waits that has waited longest; null when none waits. */
    oldest_since: unixSeconds.nullable(),
  }),
  paused: dispatchPause.nullable(),
  holds: z.array(standingHold),
  credential: operatorCredential,
  workers: operatorWorkers,
  redis: z.object({
    state: z.enum(['ok', 'unavailable']),
    finding: z.string().nullable(),
    said,
    used_memory_bytes: z.int().nullable(),
    memory_max_bytes: z.int().nullable(),
    append_only: z.boolean().nullable(),
    maxmemory_policy: z.string().nullable(),
    /** One round trip just now. */
    latency_ms: z.number(),
  }),
  storage: z.object({ state: z.enum(['ok', 'unavailable']), finding: z.string().nullable(), said }),
  /** Of the last completed jobs; null when there is none. */
  times: z
    .object({
      jobs: z.int(),
      /** From the request until it was sent. */
      waiting: spread,
      /** From then until the file was stored. */
      making: spread,
    })
    .nullable(),
});

export type AttentionItem = z.output<typeof attentionItem>;
export type OperatorOverview = z.output<typeof operatorOverview>;
