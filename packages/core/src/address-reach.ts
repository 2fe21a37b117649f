/** Where an address leads: `public`, into our own network (`loopback`, `private`), or where nobody we ask is (`never`). */
export type Reach = 'public' | 'loopback' | 'private' | 'never';

interface Range {
  readonly reach: Reach;
  /** 16 bytes */
  readonly network: Uint8Array;
  /** bits of `network` that count */
  readonly prefix: number;
}

/**
 * IANA special-purpose registries (RFC 6890) and their later additions; `never` also holds the clouds' metadata services.
 * The first range that holds an address decides. Of the rest of IPv6 only global unicast (2000::/3) is public.
 */
const RANGES: readonly Range[] = [
  ...ranges('never', [
    '0.0.0.0/8',
    '169.254.169.254/32',
    '169.254.170.2/32',
    '100.100.100.200/32',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '::/128',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    '5f00::/16',
    'fd00:ec2::254/128',
    'fd20:ce::254/128',
    'ff00::/8',
  ]),
  ...ranges('loopback', ['127.0.0.0/8', '::1/128']),
  ...ranges('private', [
    '10.0.0.0/8',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '198.18.0.0/15',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
  ]),
  ...ranges('public', ['::ffff:0:0/96', '2000::/3']),
];

/**
 * Where the IP address `address` leads. An IPv4 address mapped into IPv6 counts as what it maps to. Text that is no
 * address, or names a network interface (`%eth0`), is `never`.
 */
export function reachOf(address: string): Reach {
  const bytes = parseAddress(address);
  if (bytes === null) return 'never';
  return RANGES.find((range) => holds(range, bytes))?.reach ?? 'never';
}

/** Whether `text` is an IP address as RFC 4291 §2.2 and dotted decimals write it. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== null;
}

function holds({ network, prefix }: Range, bytes: Uint8Array): boolean {
  const whole = prefix >> 3;
  for (let i = 0; i < whole; i++) if (network[i] !== bytes[i]) return false;
  const mask = 0xff00 >> (prefix & 7);
  return ((network[whole] ?? 0) & mask & 0xff) === ((bytes[whole] ?? 0) & mask & 0xff);
}

function ranges(reach: Reach, texts: readonly string[]): readonly Range[] {
  return texts.map((text) => {
    const [address = '', bits = ''] = text.split('/');
    const network = parseAddress(address) ?? new Uint8Array(16);
    return { reach, network, prefix: Number(bits) + (address.includes(':') ? 0 : 96) };
  });
}

/** 16 bytes; those of an IPv4 address are the last four behind `::ffff:0:0/96` (RFC 4291 §2.5.5.2). */
function parseAddress(text: string): Uint8Array | null {
  const v4 = parseV4(text);
  if (v4 !== null) return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4);
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return null;
  const [head = '', tail] = halves;
  const front = parseWords(head, tail === undefined);
  const back = parseWords(tail ?? '', true);
  if (front === null || back === null) return null;
  const missing = 16 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  return Uint8Array.of(...front, ...new Uint8Array(missing), ...back);
}

/** The bytes of words between colons; the last one may be an IPv4 address where nothing follows. */
function parseWords(text: string, last: boolean): readonly number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const words = text.split(':');
  for (const [i, word] of words.entries()) {
    const v4 = last && i === words.length - 1 ? parseV4(word) : null;
    if (v4 !== null) bytes.push(...v4);
    else if (/^[0-9a-f]{1,4}$/i.test(word)) {
      const value = Number.parseInt(word, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return null;
  }
  return bytes;
}

/** Four decimals without leading zeros, which some read as octal. */
function parseV4(text: string): readonly number[] | null {
  if (!/^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text)) return null;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}
