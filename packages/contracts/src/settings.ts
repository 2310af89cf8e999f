import type { ProviderName } from '@video-proxy/core';
import { z } from 'zod';
import { otlpHeaders, traceSampler } from './trace-settings.ts';

const wholeNumber = (from: number, to: number) => z.coerce.number().int().min(from).max(to);
const oneWord = z.string().regex(/^\S+$/, 'must be one word without spaces');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

/** Where the provider is when `AIMLAPI_BASE_URL` says nothing else. */
export const aimlapiBaseUrl = 'https://api.aimlapi.com';

/** An empty variable (`PORT=` in a compose file) means "not set". */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const withDefault = <T extends z.ZodType>(schema: T, fallback: z.input<T>) =>
  z.preprocess((value) => (value === '' || value === undefined ? fallback : value), schema);

const redisUrl = z
  .string()
  .regex(
    /^(rediss?:\/\/|redis\+sentinel:\/\/|unix:\/\/)/,
    'must start with redis://, rediss://, redis+sentinel:// or unix://',
  );

const clientKeys = z.string().transform((text, context) => {
  const keys = new Map<string, string>();
  for (const entry of text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [, name, key] = /^([A-Za-z0-9_.-]{1,64})=(\S+)$/.exec(entry) ?? [];
    if (name === undefined || key === undefined) {
      context.addIssue('must be a list name=key,name2=key2 (names: letters, digits, "_", ".", "-")');
      return z.NEVER;
    }
    if (keys.has(name)) {
      context.addIssue(`names the client "${name}" twice`);
      return z.NEVER;
    }
    keys.set(name, key);
  }
  return keys;
});

const hostsWithPorts = z.string().transform((text, context) => {
  const hosts = text.split(',').map((part) => part.trim().toLowerCase());
  const given = hosts.filter((host) => host !== '');
  if (given.every((host) => /^([a-z0-9.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/.test(host))) return given;
  context.addIssue('must be a list host:port,host:port');
  return z.NEVER;
});

const secretBytesMin = 16;

const webhookSecrets = z.string().transform((text, context) => {
  const secrets = text.split(/[\s,]+/).filter((secret) => secret !== '');
  const isSecret = (secret: string) =>
    /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret) && (secret.length - 'whsec_'.length) * 0.75 >= secretBytesMin;
  if (secrets.length > 0 && secrets.every(isSecret)) return secrets;
  context.addIssue(
    `must be whsec_ and at least ${secretBytesMin} bytes as base64 (make one with: echo whsec_$(openssl rand -base64 32)); while it is changed, the new one and the old one, separated by a comma`,
  );
  return z.NEVER;
});

const clientWebhooks = z.string().transform((text, context) => {
  const urls = new Map<string, string>();
  for (const entry of text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const [, name, url] = /^([A-Za-z0-9_.-]{1,64})=(https?:\/\/\S+)$/.exec(entry) ?? [];
    if (name === undefined || url === undefined || !URL.canParse(url)) {
      context.addIssue('must be a list name=https://…,name2=https://… (a comma inside an address is written %2C)');
      return z.NEVER;
    }
    urls.set(name, url);
  }
  return urls;
});

/** Settings that both processes read. Every name, default and meaning is documented in `.env.example`. */
export const sharedSettings = {
  NODE_ENV: withDefault(z.string(), 'development'),
  PROVIDER: optional(z.enum(['aimlapi', 'sandbox'])),
  // Looked at by the key inspection, which tells more than a schema could: any text is accepted here.
  AI_ML_API_KEY: z.string().optional(),
  AI_ML_API_KEY_FILE: optional(z.string()),
  AIMLAPI_BASE_URL: optional(httpUrl),
  REDIS_URL: optional(redisUrl),
  DATA_DIR: withDefault(z.string(), '.data'),
  STORAGE_URL: optional(z.string().regex(/^(file|s3):/, 'must start with file: or s3:')),
  S3_ENDPOINT: optional(httpUrl),
  S3_FORCE_PATH_STYLE: optional(z.enum(['true', 'false'])),
  AWS_REGION: withDefault(z.string().regex(/^[a-z0-9-]+$/, 'must be the name of a region'), 'us-east-1'),
  AWS_ACCESS_KEY_ID: optional(z.string()),
  AWS_SECRET_ACCESS_KEY: optional(z.string()),
  AWS_SESSION_TOKEN: optional(z.string()),
  OUTBOUND_ALLOWED_HOSTS: optional(hostsWithPorts),
  WEBHOOK_SECRET: optional(webhookSecrets),
  OPS_KEY: optional(z.string().regex(/^\S+$/, 'must be one word without spaces')),
  OPS_READ_KEY: optional(oneWord),
  RETENTION_DAYS: withDefault(wholeNumber(1, 3650), 30),
  HOLD_MAX_SECONDS: withDefault(wholeNumber(1, 604_800), 900),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(httpUrl),
  OTEL_EXPORTER_OTLP_HEADERS: optional(otlpHeaders),
  OTEL_SERVICE_NAME: withDefault(z.string().max(200), 'video-proxy'),
  OTEL_TRACES_SAMPLER: withDefault(traceSampler, 'always_on'),
  OTEL_TRACES_SAMPLER_ARG: withDefault(z.coerce.number().min(0).max(1), 1),
  LOG_LEVEL: withDefault(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info'),
} as const;

export const apiSettings = {
  PORT: withDefault(wholeNumber(0, 65_535), 8080),
  HOST: withDefault(z.string(), '0.0.0.0'),
  CLIENT_KEYS: optional(clientKeys),
  CLIENT_WEBHOOKS: optional(clientWebhooks),
  OPS_WEBHOOK_URL: optional(httpUrl),
  PUBLIC_BASE_URL: optional(httpUrl),
  DEFAULT_MODEL: withDefault(z.string().max(200), 'sora-2'),
  VIDEO_DELIVERY: withDefault(z.enum(['stream', 'redirect']), 'stream'),
  QUEUE_DEPTH_MAX: withDefault(wholeNumber(1, 100_000_000), 1_000_000),
} as const;

export const workerSettings = {
  SUBMIT_CONCURRENCY: withDefault(wholeNumber(1, 1000), 2),
  POLL_CONCURRENCY: withDefault(wholeNumber(1, 1000), 50),
  STORE_CONCURRENCY: withDefault(wholeNumber(1, 100), 2),
  NOTIFY_CONCURRENCY: withDefault(wholeNumber(1, 100), 10),
  OWNER_RUNNING_MAX: optional(wholeNumber(1, 100_000)),
  GENERATION_TIMEOUT_SECONDS: withDefault(wholeNumber(1, 604_800), 1800),
  PROBE_INTERVAL_SECONDS: withDefault(wholeNumber(1, 86_400), 30),
  WORKER_METRICS_PORT: optional(wholeNumber(0, 65_535)),
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingsResult<T> =
  | { readonly kind: 'valid'; readonly settings: T }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Reads all settings at once and names every mistake; a secret's value is never part of a message. */
export function readSettings<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Environment,
): SettingsResult<z.output<z.ZodObject<Shape>>> {
  const result = z.object(shape).safeParse(environment);
  if (result.success) return { kind: 'valid', settings: result.data };
  return {
    kind: 'invalid',
    problems: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  };
}

/** The settings that decide which provider jobs go to. */
export interface ProviderChoice {
  readonly PROVIDER?: ProviderName | undefined;
  readonly AI_ML_API_KEY_FILE?: string | undefined;
  readonly NODE_ENV: string;
}

/**
 * Which provider jobs go to. Without a key a newcomer gets the sandbox. Where a real key is expected (in production, or in
 * a file that is not there yet) a missing one is never replaced by simulated videos: jobs are held until it comes.
 */
export function chooseProvider(
  { PROVIDER, AI_ML_API_KEY_FILE, NODE_ENV }: ProviderChoice,
  keyIsMissing: boolean,
): ProviderName {
  const expectsKey = AI_ML_API_KEY_FILE !== undefined || NODE_ENV === 'production';
  return PROVIDER ?? (keyIsMissing && !expectsKey ? 'sandbox' : 'aimlapi');
}
