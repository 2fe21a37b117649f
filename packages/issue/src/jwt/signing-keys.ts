import { createPrivateKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { type Sealer, WritError } from '@writ/core';
import type { KeyMint, MintedKey } from '../issuer.ts';

/** The private keys that tokens are signed with. They are in memory while the process runs and sealed everywhere else. */
export interface SigningKeys extends KeyMint {
  get(kid: string): KeyObject;
}

export function createSigningKeys(sealer: Sealer): SigningKeys {
  const held = new Map<string, KeyObject>();
  return {
    mint: () => mint(sealer),
    load: (kid, sealed) => {
      const der = Buffer.from(sealer.open(sealed, contextOf(kid)));
      held.set(kid, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
      der.fill(0);
    },
    forget: (kid) => {
      held.delete(kid);
    },
    get: (kid) => {
      const key = held.get(kid);
      if (key === undefined) throw new WritError('unavailable', `the issuer key \`${kid}\` is not loaded`);
      return key;
    },
  };
}

function mint(sealer: Sealer): MintedKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  if (x === undefined || y === undefined)
    throw new WritError('unavailable', 'the new key has no coordinates');
  const kid = thumbprint(x, y);
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const sealed = sealer.seal(der, contextOf(kid));
  der.fill(0);
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' };
  return { kid, alg: 'ES256', publicJwk, sealed };
}

/** RFC 7638: the kid says which key it is, so two keys cannot share one. */
function thumbprint(x: string, y: string): string {
  return hash('sha256', JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }), 'base64url');
}

function contextOf(kid: string): string {
  return `writ/issuer-key/1:${kid}`;
}
