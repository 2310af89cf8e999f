import { type CurrentApiKey, fingerprintOf, openAimlapi, openApiKey } from '@video-proxy/aimlapi';
import {
  aimlapiBaseUrl,
  apiSettings,
  type Environment,
  readSettings,
  sharedSettings,
  workerSettings,
} from '@video-proxy/contracts';
import { sandboxApiKey } from '@video-proxy/sandbox';
import type { CommandContext } from '../command-context.ts';
import type { ProviderFacts } from './checks/provider.ts';
import type { RedisVisit } from './checks/redis.ts';
import type { ServiceVisit } from './checks/service.ts';
import { visitRedis } from './visit-redis.ts';
import { visitService } from './visit-service.ts';

export interface DoctorOptions {
  readonly model?: string;
  readonly url?: string;
  readonly key?: string;
  readonly json: boolean;
}

/** What the checks look at: read once, and asked once even when several checks want to know. */
export interface Examination extends AsyncDisposable {
  readonly context: CommandContext;
  readonly environment: Environment;
  readonly settings: ReturnType<typeof readAllSettings>;
  /** The one asked about, else the configured default; null when the settings cannot be read. */
  readonly model: string | null;
  /** The key of the environment. */
  readonly key: CurrentApiKey;
  readonly sandboxChosen: boolean;
  /** The provider that is meant; null when the built-in sandbox is, or when its address cannot be read. */
  readonly provider: ProviderFacts | null;
  readonly serviceOrigin: string;
  service(): Promise<ServiceVisit>;
  /** Null when REDIS_URL is not set. */
  redis(): Promise<RedisVisit> | null;
}

function readAllSettings(environment: Environment) {
  return readSettings({ ...sharedSettings, ...apiSettings, ...workerSettings }, environment);
}

export function openExamination(options: DoctorOptions, context: CommandContext, serviceOrigin: string): Examination {
  const { environment } = context;
  const key = openApiKey({
    value: environment['AI_ML_API_KEY'],
    filePath: environment['AI_ML_API_KEY_FILE'],
  }).current();
  const provider = openProvider(environment, key);
  const settings = readAllSettings(environment);
  const client = provider?.client;
  const redisUrl = environment['REDIS_URL'] ?? '';
  const service = once(() => visitService(serviceOrigin));
  const redis = once(() => visitRedis(redisUrl));
  return {
    context,
    environment,
    settings,
    model: options.model ?? (settings.kind === 'valid' ? settings.settings.DEFAULT_MODEL : null),
    key,
    sandboxChosen: environment['PROVIDER'] === 'sandbox',
    provider,
    serviceOrigin,
    service,
    redis: () => (redisUrl === '' ? null : redis()),
    [Symbol.asyncDispose]: async () => client?.close(),
  };
}

const answerTimeoutMs = 5_000;

function openProvider(environment: Environment, key: CurrentApiKey): ProviderFacts | null {
  const address = environment['AIMLAPI_BASE_URL'] || null;
  const sandboxChosen = environment['PROVIDER'] === 'sandbox';
  if (sandboxChosen && address === null) return null;
  const baseUrl = address ?? aimlapiBaseUrl;
  // A wrong address is a finding of the check of the base URL.
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) return null;
  const used = sandboxChosen ? { value: sandboxApiKey, fingerprint: fingerprintOf(sandboxApiKey) } : key;
  const client = openAimlapi({
    name: sandboxChosen ? 'sandbox' : 'aimlapi',
    baseUrl,
    apiKey: () => used.value,
    timeouts: { connectMs: answerTimeoutMs, readMs: answerTimeoutMs },
  });
  return { baseUrl: new URL(baseUrl), key: used, client };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= ask());
}
