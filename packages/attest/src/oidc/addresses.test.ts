import { describe, expect, test } from 'vitest';
import { type Reach, reachOf } from './addresses.ts';

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
    ],
  ],
];

describe('reachOf', () => {
  test.each(TABLE.flatMap(([reach, addresses]) => addresses.map((address) => [reach, address] as const)))(
    'P9 G17 is %s for %j',
    (reach, address) => {
      expect(reachOf(address)).toBe(reach);
    },
  );
});
