import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseCompactJws } from './compact-jws.ts';

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const HEADER = part({ alg: 'RS256', typ: 'JWT', kid: 'k', x5t: 'ignored' });
const PAYLOAD = part({ sub: 'someone' });
const GOOD = `${HEADER}.${PAYLOAD}.c2ln`;

/** Texts that some library reads as `GOOD`, and others that nobody should. */
const MALFORMED: readonly (readonly [abuse: string, rule: string, text: string])[] = [
  ['T6', 'nothing', ''],
  ['T6', 'one part', HEADER],
  ['T6', 'two parts', `${HEADER}.${PAYLOAD}`],
  ['T6', 'four parts', `${GOOD}.`],
  ['T16', 'five parts (JWE)', `${GOOD}.e.e`],
  ['T1', 'an empty signature', `${HEADER}.${PAYLOAD}.`],
  ['T6', 'an empty header', `.${PAYLOAD}.c2ln`],
  ['T6', 'an empty payload', `${HEADER}..c2ln`],
  ['T6', 'padding', `${GOOD}=`],
  ['T6', 'a space before', ` ${GOOD}`],
  ['T6', 'a line break behind', `${GOOD}\n`],
  ['T6', 'a changed last bit', `${HEADER}.${PAYLOAD}.c2lnQR`],
  ['T6', 'the standard alphabet', `${HEADER}.${PAYLOAD}.c2l+`],
  ['T6', 'a header that is a list', `${part([])}.${PAYLOAD}.c2ln`],
  ['T6', 'a payload that is a text', `${HEADER}.${part('"x"')}.c2ln`],
  ['T6', 'a payload that is null', `${HEADER}.${part('null')}.c2ln`],
  ['T7', '`alg` twice', `${part('{"alg":"RS256","alg":"none"}')}.${PAYLOAD}.c2ln`],
  ['T7', '`sub` twice', `${HEADER}.${part('{"sub":"a","sub":"b"}')}.c2ln`],
  ['T18', 'a byte order mark in the payload', `${HEADER}.${part('\ufeff{"sub":"a"}')}.c2ln`],
  ['T1', 'no `alg`', `${part({ typ: 'JWT' })}.${PAYLOAD}.c2ln`],
  ['T1', 'an `alg` that is null', `${part({ alg: null })}.${PAYLOAD}.c2ln`],
  ['T1', 'an `alg` that is a list', `${part({ alg: ['RS256'] })}.${PAYLOAD}.c2ln`],
  ['T10', 'a `typ` that is a number', `${part({ alg: 'RS256', typ: 1 })}.${PAYLOAD}.c2ln`],
  ['T10', 'an empty `typ`', `${part({ alg: 'RS256', typ: '' })}.${PAYLOAD}.c2ln`],
  ['T5', 'a `kid` that is an object', `${part({ alg: 'RS256', kid: {} })}.${PAYLOAD}.c2ln`],
  ['T5', 'a `kid` of 257 characters', `${part({ alg: 'RS256', kid: 'k'.repeat(257) })}.${PAYLOAD}.c2ln`],
  ['T5', 'a `kid` of a megabyte', `${part({ alg: 'RS256', kid: 'k'.repeat(1 << 20) })}.${PAYLOAD}.c2ln`],
  ['T3', 'a key of its own', `${part({ alg: 'RS256', jwk: { kty: 'RSA' } })}.${PAYLOAD}.c2ln`],
  ['T3', '`jku`', `${part({ alg: 'RS256', jku: 'https://evil.example' })}.${PAYLOAD}.c2ln`],
  ['T3', '`x5c`', `${part({ alg: 'RS256', x5c: ['MII'] })}.${PAYLOAD}.c2ln`],
  ['T3', '`x5u`', `${part({ alg: 'RS256', x5u: 'https://evil.example' })}.${PAYLOAD}.c2ln`],
  ['T14', 'unknown `crit`', `${part({ alg: 'RS256', crit: ['exp'] })}.${PAYLOAD}.c2ln`],
  ['T14', 'empty `crit`', `${part({ alg: 'RS256', crit: [] })}.${PAYLOAD}.c2ln`],
  ['T14', '`b64: false`', `${part({ alg: 'RS256', b64: false })}.${PAYLOAD}.c2ln`],
  ['T14', '`b64: true`', `${part({ alg: 'RS256', b64: true })}.${PAYLOAD}.c2ln`],
];

describe('parseCompactJws', () => {
  test.each(MALFORMED)('%s refuses %s', (_abuse, _rule, text) => {
    expect(() => parseCompactJws(text, false)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test('returns header, payload, and the digest of the signing input, not of the token', () => {
    const jws = parseCompactJws(GOOD, false);
    expect(jws.header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k', jwk: null, others: ['x5t'] });
    expect(jws.payload).toEqual({ sub: 'someone' });
    expect(jws.digest).toBe(createHash('sha256').update(`${HEADER}.${PAYLOAD}`).digest('hex'));
    expect(parseCompactJws(`${HEADER}.${PAYLOAD}.b3RoZXI`, false).digest).toBe(jws.digest);
  });

  test('takes a key in the header only where the caller says so, and only as an object', () => {
    const own = `${part({ alg: 'ES256', jwk: { kty: 'EC' } })}.${PAYLOAD}.c2ln`;
    expect(parseCompactJws(own, true).header.jwk).toEqual({ kty: 'EC' });
    const text = `${part({ alg: 'ES256', jwk: '{}' })}.${PAYLOAD}.c2ln`;
    expect(() => parseCompactJws(text, true)).toThrow(expect.objectContaining({ claim: 'jwk' }));
  });

  test('T16 refuses 16 KiB and one character, and reads 16 KiB', () => {
    const room = 16 * 1024 - HEADER.length - '.'.length - '.c2ln'.length;
    const longest = `${HEADER}.${part({ a: 'x'.repeat(Math.floor((room * 3) / 4) - 8) })}.c2ln`;
    expect(longest.length).toBeGreaterThan(16 * 1024 - 4);
    expect(parseCompactJws(longest, false).payload).toHaveProperty('a');
    const start = performance.now();
    for (const size of [16 * 1024 + 1, 1 << 24]) {
      expect(() => parseCompactJws(GOOD.padEnd(size, 'A'), false)).toThrow('longer than 16384');
    }
    expect(performance.now() - start).toBeLessThan(200);
  });
});
