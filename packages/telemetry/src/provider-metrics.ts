import { Histogram, type Registry } from 'prom-client';

/** A call to the provider that is over. */
export interface ProviderCall {
  /** Which of the provider's endpoints it was; never an address. */
  readonly route: string;
  readonly method: 'GET' | 'POST';
  /** Null when no answer came. */
  readonly statusCode: number | null;
  readonly beganAtMs: number;
  readonly durationMs: number;
  /** The provider's own number of this call. */
  readonly requestId: string | null;
}

const callSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function providerMetrics(
  registry: Registry,
): (call: Pick<ProviderCall, 'route' | 'statusCode' | 'durationMs'>) => void {
  const calls = new Histogram({
    name: 'video_proxy_provider_request_duration_seconds',
    help: 'Calls to the provider by endpoint and HTTP status; none when no answer came',
    labelNames: ['route', 'status'],
    buckets: callSeconds,
    registers: [registry],
  });
  return ({ route, statusCode, durationMs }) =>
    calls.observe({ route, status: statusCode === null ? 'none' : String(statusCode) }, durationMs / 1_000);
}
