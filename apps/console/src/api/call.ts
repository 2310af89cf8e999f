import { connect } from '@video-proxy/client';
import { operatorKey, operatorName } from './session-key.ts';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Asks the operators' API. The answer is of this installation's own version, so its shape is trusted; everything else is a
 * `VideoProxyError`, without a status when nobody answered.
 */
export async function call<T>(path: string, { method = 'GET', body, signal }: Call = {}): Promise<T> {
  const name = operatorName();
  // Headers carry Latin letters only; names need not.
  const headers = name === '' ? {} : { 'x-operator-name': encodeURIComponent(name) };
  const connection = connect({ baseUrl: '', apiKey: operatorKey(), headers });
  const response = await connection.open(method, `/ops/api${path}`, { signal, body });
  return (await response.json()) as T;
}
