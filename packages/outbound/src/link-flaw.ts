import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

const publicPort = '';

/**
 * Why a link cannot be one to the public internet, judged by its form alone and before anybody follows it; null when it may be.
 * The WHATWG parser has brought decimal, octal, short and full-width spellings of an address into the usual one by then.
 *
 * @param allowedHosts `host:port` of places that are allowed whatever they are
 */
export function linkFlaw(link: string, allowedHosts: readonly string[]): string | null {
  const url = URL.parse(link);
  if (url === null) return 'is not a web address';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (allowedHosts.includes(`${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`)) return null;
  if (url.protocol !== 'https:') return 'has to begin with https://';
  if (url.port !== publicPort) return 'must not name a port';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) return 'leads to a private network';
  return isLocalName(host) ? 'leads to a private network' : null;
}

/** Names that lead to no other place than the own network, by standard (RFC 6761, 6762) or by custom. */
function isLocalName(host: string): boolean {
  const name = host.replace(/\.$/, '');
  return !name.includes('.') ? isIP(name) === 0 : /\.(localhost|local|internal|lan|home\.arpa)$/.test(name);
}
