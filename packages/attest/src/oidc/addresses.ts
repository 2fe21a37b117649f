import { BlockList, isIPv4 } from 'node:net';

/** Where an address leads: `public`, into our own network (`loopback`, `private`), or where no key server is (`never`). */
export type Reach = 'public' | 'loopback' | 'private' | 'never';

type Range = readonly [network: string, prefix: number];

/** IANA special-purpose registries (RFC 6890) and their later additions; `never` also holds the clouds' metadata services. */
const RANGES: Readonly<Record<'never' | 'loopback' | 'private', readonly Range[]>> = {
  never: [
    ['0.0.0.0', 8],
    ['169.254.169.254', 32],
    ['169.254.170.2', 32],
    ['100.100.100.200', 32],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
    ['::', 128],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['100::', 64],
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
    ['5f00::', 16],
    ['fd00:ec2::254', 128],
    ['fd20:ce::254', 128],
    ['ff00::', 8],
  ],
  loopback: [
    ['127.0.0.0', 8],
    ['::1', 128],
  ],
  private: [
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
  ],
};

const LISTS: readonly (readonly [Reach, BlockList])[] = [
  ['never', blockList(RANGES.never)],
  ['loopback', blockList(RANGES.loopback)],
  ['private', blockList(RANGES.private)],
];

const MAPPED = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i;

/**
 * Where the IP address `address` leads. An IPv4 address mapped into IPv6 counts as what it maps to; of the rest of
 * IPv6 only global unicast (2000::/3) is public. Text that is no address is `never`.
 */
export function reachOf(address: string): Reach {
  const plain = unmapped(address);
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  for (const [reach, list] of LISTS) {
    if (list.check(plain, family)) return reach;
  }
  return family === 'ipv4' || /^[23][0-9a-f]{3}:/i.test(plain) ? 'public' : 'never';
}

function unmapped(address: string): string {
  const match = MAPPED.exec(address);
  if (match === null) return address;
  const [, dotted, high = '', low = ''] = match;
  if (dotted !== undefined) return dotted;
  const bytes = [high, low]
    .map((word) => Number.parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 255]);
  return bytes.join('.');
}

function blockList(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) {
    list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
