import { type Client, openClient } from '@video-proxy/client';
import type { CommandContext } from '../command-context.ts';
import { serviceAddress } from './service-address.ts';

export interface ServiceOptions {
  readonly url?: string;
  readonly key?: string;
}

export function serviceClient(options: ServiceOptions, { environment }: CommandContext): Client {
  const { origin, clientKey } = serviceAddress(options, environment);
  return openClient({ baseUrl: origin, apiKey: clientKey });
}
