import { linkFlaw } from '@video-proxy/outbound/link-flaw';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { baseUrlOf } from '../../http/base-url.ts';
import { problem, Refusal } from '../../problem.ts';

export const addressQuery = z.object({
  address: z.string().max(300).optional().meta({
    description: 'How LibreChat reaches this service, when that is a private way: http://video-proxy:8080',
  }),
});

/**
 * The address LibreChat is to call. Links in answers lead to the public one all the same: browsers follow them. Only a private address
 * may be asked for, because a document from here that sends keys to some other place on the internet would be trusted.
 */
export function addressFor(
  request: FastifyRequest<{ Querystring: z.output<typeof addressQuery> }>,
  publicBaseUrl: string | null,
): string {
  const { address } = request.query;
  if (address === undefined) return baseUrlOf(request, publicBaseUrl);
  const url = URL.parse(address);
  const isWhole = url !== null && ['http:', 'https:'].includes(url.protocol) && `${url.origin}/` === url.href;
  if (isWhole && !isPublicHost(url)) return url.origin;
  const text = '"address" must be an address in a private network, such as http://video-proxy:8080, and nothing more.';
  throw new Refusal(problem('invalid_request', text, 'address'));
}

/** As LibreChat sees it: by the host alone, whatever the protocol and the port. */
export function isPublicHost({ hostname }: URL): boolean {
  return linkFlaw(`https://${hostname}`, []) === null;
}
