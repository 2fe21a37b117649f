import { createPublicKey, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import type { Anchor, Json } from '@writ/core';
import { WritError } from '@writ/core';
import type { KeySource } from '../../compose.ts';

/** Keys of the issuers that tests stand in for. Nobody outside the tests believes them. */
export interface TestKeys extends KeySource {
  /** A token of `anchor` with these claims, signed as its issuer would. */
  token(anchor: Anchor, claims: Readonly<Record<string, Json>>): string;
  /** What a registered client would sign with. */
  readonly client: { readonly jwk: Readonly<Record<string, string>>; sign(claims: Claims): string };
}

type Claims = Readonly<Record<string, Json>>;

const KID = 'flow-test';

interface Pair {
  readonly alg: 'ES256' | 'RS256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Making an RSA key takes a while, and one will do for every test of a process. */
const made = new Map<Pair['alg'], Pair>();

function pairFor(alg: Pair['alg']): Pair {
  const known = made.get(alg);
  if (known !== undefined) return known;
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pair = { alg, privateKey, publicKey: createPublicKey(privateKey) };
  made.set(alg, pair);
  return pair;
}

/** Issuers whose keys are at hand. @throws WritError `unsupported` for an anchor that believes neither ES256 nor RS256 */
export function createTestKeys(): TestKeys {
  return {
    find: async (anchor) => {
      const pair = pairOf(anchor);
      const { kty = '', crv = null } = pair.publicKey.export({ format: 'jwk' });
      return { kid: KID, kty, crv, alg: null, thumbprint: `${KID} ${pair.alg}`, key: pair.publicKey };
    },
    token: (anchor, claims) => signed(pairOf(anchor), claims),
    client: {
      get jwk() {
        const { kty = '', crv = '', x = '', y = '' } = pairFor('ES256').publicKey.export({ format: 'jwk' });
        return { kty, crv, x, y, kid: KID, alg: 'ES256' };
      },
      sign: (claims) => signed(pairFor('ES256'), claims),
    },
  };
}

function pairOf({ name, algorithms }: Anchor): Pair {
  const alg = (['ES256', 'RS256'] as const).find((each) => algorithms.includes(each));
  if (alg === undefined)
    throw new WritError(
      'unsupported',
      `flow tests sign with ES256 or RS256, and \`${name}\` believes neither`,
    );
  return pairFor(alg);
}

function signed({ alg, privateKey }: Pair, claims: Claims): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg, typ: 'JWT', kid: KID })}.${part(claims)}`;
  const key = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' as const } : privateKey;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

/** A name that is the same in every run: SHA-256 of what it is for. */
export function seeded(...parts: readonly (string | number)[]): Buffer {
  return hash('sha256', parts.join('/'), 'buffer');
}
