import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { S3Access } from '@video-proxy/artifacts';
import {
  type Environment,
  type ProviderChoice,
  readSettings,
  type StepName,
  s3AccessOf,
  sharedSettings,
  type TraceSettings,
  traceSettingsOf,
  workerSettings,
} from '@video-proxy/contracts';
import type { WorkerLimits } from './worker-parts.ts';

/** The worker's settings in the units and shapes the code uses. */
export interface WorkerConfig {
  readonly redisUrl: string;
  readonly dataDirectory: string;
  readonly storageUrl: string;
  readonly s3: S3Access;
  /** `host:port` of places that links may lead to although they are private. */
  readonly allowedHosts: readonly string[];
  /** Where programs such as ffmpeg are looked for. */
  readonly searchPath: string;
  readonly aimlapiBaseUrl: string | undefined;
  readonly key: { readonly value: string | undefined; readonly filePath: string | undefined };
  readonly providerChoice: ProviderChoice;
  readonly concurrency: Readonly<Record<StepName, number>>;
  /** Empty when nothing can be signed. */
  readonly webhookSecrets: readonly string[];
  readonly probeIntervalMs: number;
  readonly limits: WorkerLimits;
  /** Those of the operators, any of which opens the metrics. */
  readonly opsKeys: readonly string[];
  /** Null: this process listens nowhere. */
  readonly metricsPort: number | null;
  /** Null: no traces. */
  readonly traces: TraceSettings | null;
  readonly production: boolean;
  readonly logLevel: string;
}

export type ConfigResult =
  | { readonly kind: 'valid'; readonly config: WorkerConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** The provider's log is searched this long for a lost create: longer than any create call may take. */
const submissionLookupMs = 600_000;

export function loadConfig(environment: Environment): ConfigResult {
  const result = readSettings({ ...sharedSettings, ...workerSettings }, environment);
  const redisMissing = (environment['REDIS_URL'] ?? '') === '';
  const problems = [
    ...(result.kind === 'invalid' ? result.problems : []),
    ...(redisMissing
      ? ['REDIS_URL: is not set; set it, or run everything at once with npm start, which brings its own Redis']
      : []),
  ];
  if (result.kind === 'invalid' || result.settings.REDIS_URL === undefined) return { kind: 'invalid', problems };
  const { settings } = result;
  const dataDirectory = resolve(settings.DATA_DIR);
  return {
    kind: 'valid',
    config: {
      redisUrl: result.settings.REDIS_URL,
      dataDirectory,
      s3: s3AccessOf(settings),
      allowedHosts: settings.OUTBOUND_ALLOWED_HOSTS ?? [],
      storageUrl: settings.STORAGE_URL ?? pathToFileURL(`${dataDirectory}/files`).href,
      searchPath: environment['PATH'] ?? '',
      aimlapiBaseUrl: settings.AIMLAPI_BASE_URL,
      key: { value: settings.AI_ML_API_KEY, filePath: settings.AI_ML_API_KEY_FILE },
      providerChoice: settings,
      concurrency: {
        submit: settings.SUBMIT_CONCURRENCY,
        poll: settings.POLL_CONCURRENCY,
        store: settings.STORE_CONCURRENCY,
        notify: settings.NOTIFY_CONCURRENCY,
      },
      webhookSecrets: settings.WEBHOOK_SECRET ?? [],
      probeIntervalMs: settings.PROBE_INTERVAL_SECONDS * 1_000,
      limits: {
        generationTimeoutMs: settings.GENERATION_TIMEOUT_SECONDS * 1_000,
        holdMaxMs: settings.HOLD_MAX_SECONDS * 1_000,
        submissionLookupMs,
        retentionMs: settings.RETENTION_DAYS * 86_400_000,
        ownerRunningMax: settings.OWNER_RUNNING_MAX ?? null,
      },
      opsKeys: [settings.OPS_KEY, settings.OPS_READ_KEY].filter((key) => key !== undefined),
      metricsPort: settings.WORKER_METRICS_PORT ?? null,
      traces: traceSettingsOf(settings),
      production: settings.NODE_ENV === 'production',
      logLevel: settings.LOG_LEVEL,
    },
  };
}
