import type { FastifyRequest } from 'fastify';

/** No character that could end an attribute, a header or a URL's authority. */
const plainHost = /^[A-Za-z0-9._-]+(?::\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](?::\d{1,5})?$/;

/**
 * Where absolute links start: `PUBLIC_BASE_URL`, else what the caller itself used to reach us. Proxies in private networks
 * are trusted about host and protocol (see `trustProxy` in `app.ts`).
 */
export function baseUrlOf(request: FastifyRequest, publicBaseUrl: string | null): string {
  if (publicBaseUrl !== null) return publicBaseUrl;
  const { host } = request;
  const protocol = request.protocol === 'https' ? 'https' : 'http';
  return `${protocol}://${plainHost.test(host) ? host : 'localhost'}`;
}
