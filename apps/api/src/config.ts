import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { S3Access } from '@video-proxy/artifacts';
import {
  apiSettings,
  type Environment,
  type ProviderChoice,
  readSettings,
  s3AccessOf,
  sharedSettings,
  type TraceSettings,
  traceSettingsOf,
} from '@video-proxy/contracts';
import { linkFlaw } from '@video-proxy/outbound/link-flaw';

/** The settings of the API process in the units and shapes the code uses. */
export interface ApiConfig {
  readonly port: number;
  readonly host: string;
  readonly redisUrl: string;
  readonly storageUrl: string;
  readonly s3: S3Access;
  /** `host:port` of places that links may lead to although they are private. */
  readonly allowedHosts: readonly string[];
  readonly aimlapiBaseUrl: string | undefined;
  readonly key: { readonly value: string | undefined; readonly filePath: string | undefined };
  readonly providerChoice: ProviderChoice;
  readonly clientKeys: ReadonlyMap<string, string>;
  readonly opsKey: string | null;
  readonly canSignWebhooks: boolean;
  readonly clientWebhooks: ReadonlyMap<string, string>;
  readonly opsReadKey: string | null;
  /** Where operators are told of incidents; null for nowhere. */
  readonly opsWebhookUrl: string | null;
  /** Null: no traces. */
  readonly traces: TraceSettings | null;
  readonly production: boolean;
  readonly publicBaseUrl: string | null;
  readonly defaultModel: string;
  readonly redirectsToStorage: boolean;
  readonly temporaryDirectory: string;
  readonly retentionMs: number;
  readonly holdMaxMs: number;
  readonly waitingJobsMax: number;
  readonly logLevel: string;
}

export type ConfigResult =
  | { readonly kind: 'valid'; readonly config: ApiConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const redisMissing =
  'REDIS_URL: is not set; set it, or run everything at once with npm start, which brings its own Redis';

/** Whoever holds such a key would be an operator, or more of one, without knowing it. */
function sharedKeysIn(settings: {
  readonly CLIENT_KEYS?: ReadonlyMap<string, string> | undefined;
  readonly OPS_KEY?: string | undefined;
  readonly OPS_READ_KEY?: string | undefined;
}): string[] {
  const { CLIENT_KEYS, OPS_KEY, OPS_READ_KEY } = settings;
  const clientKeys = [...(CLIENT_KEYS?.values() ?? [])];
  const shared = Object.entries({ OPS_KEY, OPS_READ_KEY })
    .filter(([, key]) => key !== undefined && clientKeys.includes(key))
    .map(([name]) => `${name}: is also a key of CLIENT_KEYS; operators need one of their own`);
  const isSame = OPS_KEY !== undefined && OPS_KEY === OPS_READ_KEY;
  return isSame ? [...shared, 'OPS_READ_KEY: is the same as OPS_KEY, so it would not only read'] : shared;
}

function webhookProblems(settings: {
  readonly CLIENT_KEYS?: ReadonlyMap<string, string> | undefined;
  readonly CLIENT_WEBHOOKS?: ReadonlyMap<string, string> | undefined;
  readonly WEBHOOK_SECRET?: readonly string[] | undefined;
  readonly OUTBOUND_ALLOWED_HOSTS?: readonly string[] | undefined;
}): string[] {
  const receivers = [...(settings.CLIENT_WEBHOOKS ?? [])];
  if (receivers.length === 0) return [];
  const problems = receivers.flatMap(([client, url]) => {
    if (settings.CLIENT_KEYS?.has(client) === false)
      return [`names the client "${client}", which CLIENT_KEYS does not`];
    const flaw = linkFlaw(url, settings.OUTBOUND_ALLOWED_HOSTS ?? []);
    return flaw === null ? [] : [`the address of "${client}" ${flaw}`];
  });
  const unsigned = settings.WEBHOOK_SECRET === undefined ? ['needs WEBHOOK_SECRET, which is not set'] : [];
  return [...unsigned, ...problems].map((text) => `CLIENT_WEBHOOKS: ${text}`);
}

export function loadConfig(environment: Environment): ConfigResult {
  const result = readSettings({ ...sharedSettings, ...apiSettings }, environment);
  const hasRedis = (environment['REDIS_URL'] ?? '') !== '';
  const problems = [
    ...(result.kind === 'invalid'
      ? result.problems
      : [...sharedKeysIn(result.settings), ...webhookProblems(result.settings)]),
    ...(hasRedis ? [] : [redisMissing]),
  ];
  if (result.kind === 'invalid' || result.settings.REDIS_URL === undefined || problems.length > 0) {
    return { kind: 'invalid', problems };
  }
  const { settings } = result;
  return {
    kind: 'valid',
    config: {
      port: settings.PORT,
      host: settings.HOST,
      redisUrl: result.settings.REDIS_URL,
      s3: s3AccessOf(settings),
      allowedHosts: settings.OUTBOUND_ALLOWED_HOSTS ?? [],
      storageUrl: settings.STORAGE_URL ?? pathToFileURL(`${resolve(settings.DATA_DIR)}/files`).href,
      aimlapiBaseUrl: settings.AIMLAPI_BASE_URL,
      key: { value: settings.AI_ML_API_KEY, filePath: settings.AI_ML_API_KEY_FILE },
      providerChoice: settings,
      clientKeys: settings.CLIENT_KEYS ?? new Map(),
      opsKey: settings.OPS_KEY ?? null,
      canSignWebhooks: settings.WEBHOOK_SECRET !== undefined,
      clientWebhooks: settings.CLIENT_WEBHOOKS ?? new Map(),
      opsReadKey: settings.OPS_READ_KEY ?? null,
      opsWebhookUrl: settings.OPS_WEBHOOK_URL ?? null,
      traces: traceSettingsOf(settings),
      production: settings.NODE_ENV === 'production',
      temporaryDirectory: `${resolve(settings.DATA_DIR)}/tmp`,
      defaultModel: settings.DEFAULT_MODEL,
      redirectsToStorage: settings.VIDEO_DELIVERY === 'redirect',
      publicBaseUrl: settings.PUBLIC_BASE_URL?.replace(/\/+$/, '') ?? null,
      retentionMs: settings.RETENTION_DAYS * 86_400_000,
      holdMaxMs: settings.HOLD_MAX_SECONDS * 1_000,
      waitingJobsMax: settings.QUEUE_DEPTH_MAX,
      logLevel: settings.LOG_LEVEL,
    },
  };
}
