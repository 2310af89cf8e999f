import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';

/** Thrown by a request to a place that somebody else's link must not lead this service to. Names no address. */
export class OutboundRefusedError extends Error {
  override readonly name = 'OutboundRefusedError';
  readonly code = 'outbound_refused';
}

export interface OutboundOptions {
  /** Origins, such as `http://sandbox:4010`, that may be reached although they are private or not encrypted. */
  readonly allowedOrigins: readonly string[];
}

/**
 * The one place that decides where links from outside may lead: to https: on the public internet, or to an allowed origin.
 * The rule sits where connections are made, so no redirect and no caller gets around it. A name is resolved once and what was
 * checked is what is dialled: it cannot show one address to a check and another to the socket.
 */
export function openOutboundAgent({ allowedOrigins }: OutboundOptions): Agent {
  const allowed = new Set(allowedOrigins.map((origin) => new URL(origin).origin));
  // HTTP/1.1 only: one long body fills a connection anyway, and its time limits are the well-trodden ones.
  const connectAnywhere = buildConnector({ allowH2: false });
  const connectPublicly = buildConnector({ allowH2: false, lookup: lookupPublic });

  return new Agent({
    connect(target, callback) {
      if (allowed.has(originOf(target))) return connectAnywhere(target, callback);
      if (target.protocol !== 'https:') return callback(new OutboundRefusedError('an address without https'), null);
      // A literal address is never looked up, so it is checked here.
      if (isIP(target.hostname) !== 0 && !isPublicAddress(target.hostname)) return callback(privateNetwork(), null);
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

/** Whether an IP address is an ordinary one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return !reserved.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** What IANA's special-purpose registries set aside, and multicast. */
const reservedIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Among them the tunnels (6to4, Teredo) that carry an IPv4 address, which could be a private one, inside. */
const reservedIpv6 = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

const reserved = reservedAddresses();

function reservedAddresses(): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of reservedIpv4) {
    // Also covers `::ffff:10.0.0.1`: BlockList checks mapped addresses against the IPv4 rules.
    list.addSubnet(network, prefix, 'ipv4');
    // NAT64 is how a network without IPv4 reaches the public internet, so only its private part is refused.
    list.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
  }
  for (const [network, prefix] of reservedIpv6) list.addSubnet(network, prefix, 'ipv6');
  return list;
}
