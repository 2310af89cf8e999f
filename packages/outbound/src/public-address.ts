import { BlockList, isIP } from 'node:net';

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
  ['::ffff:0:0:0', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
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
