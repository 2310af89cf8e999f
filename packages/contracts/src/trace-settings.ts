import { z } from 'zod';

/** As OpenTelemetry writes them: `key=value,key2=value2`, each part percent-encoded where it has to be. */
export const otlpHeaders = z.string().transform((text, context) => {
  try {
    const entries = text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(part.trim()) ?? [];
        return [decodeURIComponent(name.trim()).toLowerCase(), decodeURIComponent(value.trim())] as const;
      });
    const isHeader = ([name, value]: readonly [string, string]) =>
      /^[!#$%&'*+.^_`|~\da-z-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value);
    if (entries.every(isHeader)) return Object.fromEntries(entries);
  } catch {
    // What cannot be decoded is no such list either.
  }
  context.addIssue('must be a list key=value,key2=value2, percent-encoded where it has to be');
  return z.NEVER;
});

export const traceSampler = z.enum([
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
]);

/** Where traces of jobs go, and of how many jobs. */
export interface TraceSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** From 0 to 1. */
  readonly sampledShare: number;
}

interface Settings {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_HEADERS?: Readonly<Record<string, string>> | undefined;
  readonly OTEL_SERVICE_NAME: string;
  readonly OTEL_TRACES_SAMPLER: z.output<typeof traceSampler>;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** Null: nobody wants traces. */
export function traceSettingsOf(settings: Settings): TraceSettings | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = settings;
  const sampledShare = sampledShareOf(settings);
  if (endpoint === undefined || sampledShare === 0) return null;
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: headers ?? {},
    serviceName: settings.OTEL_SERVICE_NAME,
    sampledShare,
  };
}

/** The trace of a job begins here, so with `parentbased_` there is never a parent who decides. */
function sampledShareOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share }: Settings): number {
  switch (sampler) {
    case 'always_on':
    case 'parentbased_always_on':
      return 1;
    case 'always_off':
    case 'parentbased_always_off':
      return 0;
    case 'traceidratio':
    case 'parentbased_traceidratio':
      return share;
  }
}
