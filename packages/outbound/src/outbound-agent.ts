import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';

/** Thrown by a request to a place that somebody else's link must not lead this service to. Names no address. */
export class OutboundRefusedError extends Error {
  override readonly name = 'OutboundRefusedError';
  readonly code = 'outbound_refused';
}

export interface OutboundOptions {
  /** Origins, such as `http://sandbox:4010`, that may be reached although they are private or not encrypted. */
  readonly allowedOrigins: readonly string[];
  /** `host:port` of places that may be reached with and without encryption, likewise. */
  readonly allowedHosts?: readonly string[];
}

/** Where a public server for files and for calls of others listens. Any other port more likely leads to something else. */
const publicPort = 443;

/**
 * The one place that decides where links from outside may lead: to https: on the public internet, or to an allowed place.
 * The rule sits where connections are made, so no redirect and no caller gets around it. A name is resolved once and what was
 * checked is what is dialled: it cannot show one address to a check and another to the socket.
 */
export function openOutboundAgent({ allowedOrigins, allowedHosts = [] }: OutboundOptions): Agent {
  const hosts = allowedHosts.flatMap((host) => [`http://${host}`, `https://${host}`]);
  const allowed = new Set([...allowedOrigins, ...hosts].map((origin) => new URL(origin).origin));
  // HTTP/1.1 only: one long body fills a connection anyway, and its time limits are the well-trodden ones.
  const connectAnywhere = buildConnector({ allowH2: false });
  const connectPublicly = buildConnector({ allowH2: false, lookup: lookupPublic });

  return new Agent({
    connect(target, callback) {
      if (allowed.has(originOf(target))) return connectAnywhere(target, callback);
      if (target.protocol !== 'https:') return callback(new OutboundRefusedError('an address without https'), null);
      // A literal address is never looked up, so it is checked here.
      if (isIP(target.hostname) !== 0 && !isPublicAddress(target.hostname)) return callback(privateNetwork(), null);
      if (Number(target.port || publicPort) !== publicPort) {
        return callback(new OutboundRefusedError('an address with an unusual port'), null);
      }
      connectPublicly(target, callback);
    },
  });
}

function originOf({ protocol, host, hostname }: buildConnector.Options): string {
  return new URL(`${protocol}//${host ?? hostname}`).origin;
}

/** One private address among several refuses the name: which one would be dialled is a matter of luck. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || first === undefined) return callback(error ?? new Error('no address'), '');
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(privateNetwork(), '');
    if (options.all) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

function privateNetwork(): OutboundRefusedError {
  return new OutboundRefusedError('an address inside a private network');
}
