/**
 * The points of Ed25519 whose order divides 8, by their y coordinate without the sign bit, with the two spellings of 0
 * and 1 that are not reduced. Some builds of OpenSSL take them for keys (3.0 does, 3.5 does not), and then anybody can sign.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether anybody can sign for this key without having a private one. It is a JWK whose encodings were checked. */
export function isSmallOrder({ crv, x = '' }: Readonly<Record<string, string>>): boolean {
  if (crv !== 'Ed25519') return false;
  const point = Buffer.from(x, 'base64url');
  point.writeUInt8(point.readUInt8(31) & 0x7f, 31);
  return SMALL_ORDER.has(point.toString('hex'));
}
