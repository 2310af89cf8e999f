import { credentialStates } from '@video-proxy/core';
import { z } from 'zod';
import { said } from '../said.ts';
import { providerEvidence } from '../video-job.ts';
import { standingHold, unixSeconds } from './evidence.ts';

/** What is known about the account at the provider: as in `/readyz`, with what the provider said. */
export const operatorCredential = z.object({
  state: z.enum(credentialStates),
  /** The first 8 hex digits of the key's SHA-256. */
  fingerprint: z.string().nullable(),
  since: unixSeconds,
  checked_at: unixSeconds.nullable(),
  last_provider_request_id: z.string().nullable(),
  finding: z.string().nullable(),
  said,
  provider: providerEvidence.nullable(),
});

const keyHolder = z.object({
  worker: z.string(),
  host: z.string(),
  fingerprint: z.string().nullable(),
  source: z.enum(['environment', 'file', 'sandbox']).nullable(),
});

/** What to do, in order. `code` is stable, for translations. */
const remedyStep = z.object({
  code: z.string(),
  text: z.string(),
  /** A page of the provider, or of the console. */
  link: z.string().nullable(),
});

/** `GET /ops/api/credential`. */
export const credentialReport = z.object({
  credential: operatorCredential,
  /** Which keys the live workers hold. */
  keys: z.array(keyHolder),
  holds: z.array(standingHold),
  waiting_jobs: z.int(),
  /** Earlier states and the current one, newest first. */
  history: z.array(operatorCredential),
  what_to_do: z.array(remedyStep),
});

/** `POST /ops/api/credential/probe`: what the provider said just now. Costs nothing. */
export const credentialProbe = z.object({
  outcome: z.enum(['ok', 'refused', 'unavailable', 'no_key']),
  /** In words, for the operator. */
  message: z.string(),
  said,
  balance_usd: z.number().nullable(),
  provider: providerEvidence.nullable(),
  /** The worker that asked. */
  worker: z.string(),
  fingerprint: z.string().nullable(),
  asked_at: unixSeconds,
  took_ms: z.int(),
  credential: operatorCredential,
});

const reloadedKey = z.object({
  worker: z.string(),
  host: z.string(),
  source: z.enum(['environment', 'file', 'sandbox']),
  fingerprint: z.string().nullable(),
  fingerprint_before: z.string().nullable(),
  changed: z.boolean(),
  /** The key comes from the environment, which a running process cannot read anew. */
  restart_needed: z.boolean(),
  finding: z.string().nullable(),
  said,
});

/** `POST /ops/api/credential/reload`: what each live worker holds now. */
export const credentialReload = z.object({
  message: z.string(),
  said,
  workers: z.array(reloadedKey),
  /** Live workers that did not answer in time. */
  silent: z.array(z.string()),
  credential: operatorCredential,
});

export type OperatorCredential = z.output<typeof operatorCredential>;
export type CredentialReport = z.output<typeof credentialReport>;
export type CredentialProbe = z.output<typeof credentialProbe>;
export type CredentialReload = z.output<typeof credentialReload>;
