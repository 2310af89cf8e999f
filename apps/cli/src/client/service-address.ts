import type { Environment } from '@video-proxy/contracts';
import { exitCodes, Problem } from '../problem.ts';

/** Where the service is and as whom to talk to it. */
export interface ServiceAddress {
  readonly origin: string;
  readonly clientKey: string | null;
}

/**
 * The options win over VIDEO_PROXY_URL and VIDEO_PROXY_KEY; without either it is this machine, at PORT. A PORT that is none is
 * the diagnosis' business, not a usage error.
 */
export function serviceAddress(options: { url?: string; key?: string }, environment: Environment): ServiceAddress {
  const port = /^[1-9]\d{0,4}$/.exec(environment['PORT'] ?? '')?.[0] ?? '8080';
  const text = options.url ?? (environment['VIDEO_PROXY_URL'] || `http://127.0.0.1:${port}`);
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Problem(
      `${text} is not an http:// or https:// address`,
      ['Correct --url or VIDEO_PROXY_URL.'],
      exitCodes.usage,
    );
  }
  return { origin: text.replace(/\/+$/, ''), clientKey: options.key ?? (environment['VIDEO_PROXY_KEY'] || null) };
}
