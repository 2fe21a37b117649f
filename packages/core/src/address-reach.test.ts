import { BlockList, isIP, isIPv4 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAddress, type Reach, reachOf } from './address-reach.ts';

const TABLE: readonly (readonly [Reach, readonly string[]])[] = [
  [
    'public',
    [
      '1.1.1.1',
      '93.184.215.14',
      '172.15.255.255',
      '172.32.0.0',
      '100.63.255.255',
      '2606:4700::1111',
      '2a00:1450::1',
      '::ffff:1.1.1.1',
      '::ffff:101:101',
    ],
  ],
  [
    'loopback',
    [
      '127.0.0.1',
      '127.255.255.254',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::FFFF:127.0.0.1',
      '0:0:0:0:0:ffff:7f00:1',
    ],
  ],
  [
    'private',
    [
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.1.1',
      '198.18.0.1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      '::ffff:10.0.0.1',
      '::ffff:a00:1',
    ],
  ],
  [
    'never',
    [
      '0.0.0.0',
      '0.1.2.3',
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      '100.100.100.200',
      '224.0.0.1',
      '255.255.255.255',
      '240.0.0.1',
      '192.0.2.1',
      '::',
      'ff02::1',
      'fd00:ec2::254',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001::1',
      '2001:db8::1',
      '::7f00:1',
      '4000::1',
      'localhost',
      '',
      '127.1',
      '0177.0.0.1',
      '127.0.0.1 ',
      '256.1.1.1',
      '1.1.1.1.1',
      '[2606:4700::1111]',
      '2606:4700::1111%eth0',
      'fe80::1%1',
      '2606:4700::1::1',
      '2606:4700:1',
      '1.1.1.1::',
    ],
  ],
];

const EDGES: readonly (readonly [string, Reach])[] = [
  ['0.255.255.255', 'never'],
  ['1.0.0.0', 'public'],
  ['9.255.255.255', 'public'],
  ['10.255.255.255', 'private'],
  ['11.0.0.0', 'public'],
  ['100.64.0.0', 'private'],
  ['100.127.255.255', 'private'],
  ['100.128.0.0', 'public'],
  ['126.255.255.255', 'public'],
  ['128.0.0.0', 'public'],
  ['169.253.255.255', 'public'],
  ['169.254.169.253', 'private'],
  ['169.255.0.0', 'public'],
  ['198.17.255.255', 'public'],
  ['198.19.255.255', 'private'],
  ['198.20.0.0', 'public'],
  ['223.255.255.255', 'public'],
  ['1fff:ffff::', 'never'],
  ['2000::', 'public'],
  ['2001:1ff:ffff::', 'never'],
  ['2001:200::', 'public'],
  ['3fff:fff:ffff::', 'never'],
  ['3fff:1000::', 'public'],
  ['3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'public'],
  ['fbff::', 'never'],
  ['fdff:ffff::', 'private'],
  ['fe7f::', 'never'],
  ['febf::', 'private'],
];

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv6');

/** Half of them near the ranges that matter. */
const nearV4 = fc
  .tuple(fc.constantFrom(10, 172, 192, 169, 100), fc.constantFrom(16, 31, 32, 64, 127, 168, 254), fc.nat(255))
  .map(([a, b, c]) => `${a}.${b}.${c}.1`);
const nearV6 = fc
  .tuple(fc.constantFrom('fc00', 'fdff', 'fe80', 'febf', 'fec0', 'fe00'), fc.ipV6())
  .map(([head, rest]) => `${head}::${rest.split(':').at(-1)}`);
const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6(), nearV4, nearV6);
const nearAddress = fc.oneof(
  fc
    .tuple(anyAddress, fc.nat(40), fc.constantFrom('', ':', '::', '.', '0', 'f', 'g', '%e'))
    .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1)),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefF:.:.'.split('')), maxLength: 24 }),
);

describe('reachOf', () => {
  test.each(TABLE.flatMap(([reach, addresses]) => addresses.map((address) => [reach, address] as const)))(
    'P9 G17 is %s for %j',
    (reach, address) => {
      expect(reachOf(address)).toBe(reach);
    },
  );

  test('P9 takes for addresses what the platform that connects to them does', () => {
    fc.assert(
      fc.property(fc.oneof(anyAddress, nearAddress), (text) => {
        expect(isAddress(text)).toBe(isIP(text) !== 0 && !text.includes('%'));
      }),
      { numRuns: 3_000 },
    );
  });

  test('P9 finds what is not public wherever a second implementation of ranges finds it', () => {
    fc.assert(
      fc.property(anyAddress, (text) => {
        const inside = PRIVATE.check(text, isIPv4(text) ? 'ipv4' : 'ipv6');
        expect(inside && !['private', 'never'].includes(reachOf(text))).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('P9 says the same of an IPv4 address in each of its spellings', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
        const words = [(a << 8) | b, (c << 8) | d].map((word) => word.toString(16)).join(':');
        for (const spelling of [`::ffff:${text}`, `::FFFF:${words}`, `0:0:0:0:0:ffff:${words}`]) {
          expect(reachOf(spelling)).toBe(reachOf(text));
        }
      }),
    );
  });

  test('P9 draws the line of each range where the registry does', () => {
    expect(EDGES.map(([text]) => [text, reachOf(text)])).toEqual(EDGES);
  });
});
