import { type Connection, connect } from '@video-proxy/client';
import { serviceAddress } from '../client/service-address.ts';
import type { CommandContext } from '../command-context.ts';

export interface OpsOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json: boolean;
}

/**
 * The operators' API of a running service. The key is `--key`, VIDEO_PROXY_OPS_KEY, or the service's own OPS_KEY where this shell has it;
 * without any, a service on this machine may let it through. The audit log gets the name of the account at this machine.
 */
export function operatorsApi({ url, key }: OpsOptions, { environment }: CommandContext): Connection {
  const { origin } = serviceAddress(url === undefined ? {} : { url }, environment);
  const apiKey = key ?? (environment['VIDEO_PROXY_OPS_KEY'] || environment['OPS_KEY'] || null);
  const name = environment['USER'] || environment['LOGNAME'] || '';
  const headers = name === '' ? {} : { 'x-operator-name': encodeURIComponent(name) };
  return connect({ baseUrl: origin, apiKey, headers });
}
