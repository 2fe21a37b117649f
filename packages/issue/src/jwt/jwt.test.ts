import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { type Bounds, type FieldValue, type Inclusion, type Sealer, WritError } from '@writ/core';
import * as fc from 'fast-check';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { MintedKey, Order } from '../issuer.ts';
import { claimsOf } from './claims.ts';
import { joseSignature } from './jose-signature.ts';
import { createJwtIssuer, type JwtLedger } from './jwt.ts';
import { createSigningKeys } from './signing-keys.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0, 999);
const SECOND = Math.floor(NOW / 1000);
const THUMBPRINT = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

/** AES-256-GCM with the context authenticated, as a server's. */
function createTestSealer(key = randomBytes(32)): Sealer {
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString(
        'base64',
      );
    },
    open: (text, context) => {
      const sealed = Buffer.from(text, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-16));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
      } catch (cause) {
        throw new WritError('verification-failed', 'a sealed secret does not open', { cause });
      }
    },
  };
}

/** A ledger of one leaf: the last digest it was asked for is what it proves. */
function createTestLedger(): JwtLedger & { readonly prove: (digest: Uint8Array) => Inclusion } {
  return {
    tbsDigest: (bytes) => hash('sha256', bytes, 'buffer'),
    checkInclusion: (digest, inclusion) => {
      if (!Buffer.from(inclusion.leaf).equals(digest)) {
        throw new WritError('verification-failed', 'the proof is of another entry');
      }
    },
    prove: (leaf) => ({ index: 0, size: 1, leaf, proof: [], checkpoint: '' }),
  };
}

const BOUNDS: Bounds = {
  flow: { name: 'ci-deploy-token', version: 7, hash: 'a'.repeat(64) },
  right: 'payments-deploy',
  identity: { uri: 'spiffe://acme.example/workload/svc-payments', name: 'svc-payments', revision: 1 },
  owner: 'user:ana',
  purpose: 'deploys the payments service',
  environment: 'production',
  subject: 'spiffe://acme.example/workload/svc-payments',
  actor: null,
  audience: 'https://deploy.acme.example',
  scopes: ['deploy:read', 'deploy:write'],
  ttl: 600,
  notIssuedAfter: 0,
  fields: { target: 'production' },
  inToken: [],
  generate: { kind: 'token', alg: 'ES256', key: 'issuer-prod', parameters: {} },
  holder: { pop: 'dpop', thumbprint: THUMBPRINT },
  pop: ['dpop'],
  source: null,
  deliver: ['caller'],
  activate: 'issued',
  proven: [],
  projections: [],
  assurance: 2,
  freezeScopes: ['everything'],
  unattended: true,
  proposal: null,
};

function orderOf(changes: Partial<Bounds> = {}, kid = 'kid'): Order {
  const bounds = { ...BOUNDS, ...changes };
  return { bounds, issuer: 'https://writ.acme.example', id: 'token-1', kid, issuedAt: NOW };
}

interface Maker {
  readonly key: MintedKey;
  readonly ledger: ReturnType<typeof createTestLedger>;
  readonly made: ReturnType<typeof createJwtIssuer>;
  readonly sign: (changes?: Partial<Bounds>) => string;
}

function maker(): Maker {
  const ledger = createTestLedger();
  const made = createJwtIssuer(createTestSealer(), ledger);
  const key = made.keys.mint();
  made.keys.load(key.kid, key.sealed);
  return {
    key,
    ledger,
    made,
    sign: (changes) => {
      const prepared = made.issuer.prepare(orderOf(changes, key.kid));
      return made.issuer.issue(prepared, ledger.prove(prepared.tbsDigest)).reveal();
    },
  };
}

describe('claims (RFC 9068 §2.2)', () => {
  test('S4.3 are exactly those, in whole seconds, bound to the key', () => {
    expect(claimsOf(orderOf())).toEqual({
      iss: 'https://writ.acme.example',
      sub: 'spiffe://acme.example/workload/svc-payments',
      aud: 'https://deploy.acme.example',
      exp: SECOND + 600,
      iat: SECOND,
      jti: 'token-1',
      client_id: 'svc-payments',
      scope: 'deploy:read deploy:write',
      cnf: { jkt: THUMBPRINT },
    });
  });

  test('a token bound to no key says nothing of one', () => {
    expect(claimsOf(orderOf({ holder: null }))).not.toHaveProperty('cnf');
  });

  test('X7 who acts for whom stands as RFC 8693 §4.1 has it', () => {
    expect(claimsOf(orderOf({ subject: 'ana', actor: 'spiffe://acme.example/agent/crm' }))).toMatchObject({
      sub: 'ana',
      act: { sub: 'spiffe://acme.example/agent/crm' },
    });
  });

  test('S2.8 only the limits the flow puts into the token are there, as RFC 9396 details', () => {
    const fields: Readonly<Record<string, FieldValue>> = { task: 'x', data_sets: ['a'], rows: 7 };
    const claims = claimsOf(orderOf({ fields, inToken: ['data_sets', 'rows', 'absent'] }));
    expect(claims.authorization_details).toEqual([{ type: 'writ_issuance', data_sets: ['a'], rows: 7 }]);
    expect(claimsOf(orderOf({ fields, inToken: [] }))).not.toHaveProperty('authorization_details');
    expect(claimsOf(orderOf({ fields, inToken: ['absent'] }))).not.toHaveProperty('authorization_details');
  });

  test('a field by the name `type` does not change what the details are', () => {
    const claims = claimsOf(orderOf({ fields: { type: 'admin' }, inToken: ['type'] }));
    expect(claims.authorization_details).toEqual([{ type: 'writ_issuance' }]);
  });
});

describe('the token', () => {
  test('S4.2 has the header of RFC 9068 §2.1 and verifies with jose', async () => {
    const { key, sign } = maker();
    const keys = createLocalJWKSet({ keys: [key.publicJwk] });
    const { payload, protectedHeader } = await jwtVerify(sign(), keys, { currentDate: new Date(NOW) });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
    expect(payload).toEqual(claimsOf(orderOf()));
  });

  test('the bytes that were prepared are the bytes that are signed', () => {
    const { made, key, ledger } = maker();
    const prepared = made.issuer.prepare(orderOf({}, key.kid));
    const token = made.issuer.issue(prepared, ledger.prove(prepared.tbsDigest)).reveal();
    expect(token.slice(0, token.lastIndexOf('.'))).toBe(Buffer.from(prepared.toBeSigned).toString());
    expect(prepared.kid).toBe(key.kid);
  });

  test('text beyond ASCII is carried as it is', () => {
    const subject = 'spiffe://acme.example/ünï→日本';
    expect(decodeJwt(maker().sign({ subject })).sub).toBe(subject);
  });

  test('law 5 a spent permission signs never again, whatever became of the first attempt', () => {
    const { made, key, ledger } = maker();
    const once = made.issuer.prepare(orderOf({}, key.kid));
    made.issuer.issue(once, ledger.prove(once.tbsDigest));
    expect(() => made.issuer.issue(once, ledger.prove(once.tbsDigest))).toThrow(/spent/);
    const failed = made.issuer.prepare(orderOf({ ttl: 601 }, key.kid));
    expect(() => made.issuer.issue(failed, ledger.prove(once.tbsDigest))).toThrow(/another entry/);
    expect(() => made.issuer.issue(failed, ledger.prove(failed.tbsDigest))).toThrow(/spent/);
  });

  test('law 3 the proof of another leaf signs nothing', () => {
    const { made, key, ledger } = maker();
    const other = made.issuer.prepare(orderOf({ ttl: 601 }, key.kid));
    const prepared = made.issuer.prepare(orderOf({}, key.kid));
    expect(() => made.issuer.issue(prepared, ledger.prove(other.tbsDigest))).toThrow(
      expect.objectContaining({ code: 'verification-failed' }),
    );
  });

  test('what is no token is not prepared here', () => {
    for (const kind of ['x509', 'api-key', 'password']) {
      const generate = { ...BOUNDS.generate, kind };
      expect(() => maker().made.issuer.prepare(orderOf({ generate }))).toThrow(
        expect.objectContaining({ code: 'unsupported' }),
      );
    }
  });

  test('a key that is not loaded, or was forgotten, signs nothing', () => {
    const { made, key, ledger, sign } = maker();
    const prepared = made.issuer.prepare(orderOf({}, 'unknown'));
    expect(() => made.issuer.issue(prepared, ledger.prove(prepared.tbsDigest))).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
    made.keys.forget(key.kid);
    expect(() => sign()).toThrow(expect.objectContaining({ code: 'unavailable' }));
    made.keys.load(key.kid, key.sealed);
    expect(sign()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{86}$/);
  });

  test('every signature has the form of RFC 7518 §3.4, however short its numbers are', async () => {
    const { key, sign } = maker();
    const keys = createLocalJWKSet({ keys: [key.publicJwk] });
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 900 }), async (purpose, ttl) => {
        const token = sign({ subject: `x${purpose}`, ttl });
        const { payload } = await jwtVerify(token, keys, { currentDate: new Date(NOW) });
        expect(payload.exp).toBe(SECOND + ttl);
      }),
      { numRuns: 300 },
    );
  });
});

describe('joseSignature', () => {
  /** DER of a signature by two magnitudes, each as short as DER demands. */
  function der(r: Uint8Array, s: Uint8Array): Uint8Array {
    const integer = (magnitude: Uint8Array): readonly number[] => {
      const first = magnitude.findIndex((byte) => byte !== 0);
      const short = first < 0 ? [0] : [...magnitude.subarray(first)];
      const signed = (short[0] ?? 0) > 0x7f ? [0, ...short] : short;
      return [2, signed.length, ...signed];
    };
    const both = [...integer(r), ...integer(s)];
    return Uint8Array.from([0x30, both.length, ...both]);
  }

  test('gives back r and s of 32 bytes each, whatever leading zeros DER left out or put in', () => {
    const half = fc
      .tuple(fc.nat(32), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([zeros, bytes]) => bytes.fill(0, 0, zeros));
    fc.assert(
      fc.property(half, half, (r, s) => {
        expect([...joseSignature(der(r, s))]).toEqual([...r, ...s]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('signing keys', () => {
  test('law 8 leave their maker sealed, for one kid alone', () => {
    const sealer = createTestSealer();
    const keys = createSigningKeys(sealer);
    const [one, two] = [keys.mint(), keys.mint()];
    expect(one.kid).not.toBe(two.kid);
    expect(() => keys.load(one.kid, two.sealed)).toThrow(
      expect.objectContaining({ code: 'verification-failed' }),
    );
    expect(() => sealer.open(one.sealed, 'writ/log-key/1')).toThrow(WritError);
    expect(() => createSigningKeys(createTestSealer()).load(one.kid, one.sealed)).toThrow(WritError);
    expect(JSON.stringify(one)).not.toMatch(/"d"/);
  });

  test('RFC 7638 the kid is the thumbprint of the public key', () => {
    const { kid, publicJwk, alg } = createSigningKeys(createTestSealer()).mint();
    const { x, y } = publicJwk;
    expect(kid).toBe(hash('sha256', JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }), 'base64url'));
    expect(publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' });
    expect(alg).toBe('ES256');
  });

  test('what was minted is not usable before it is loaded', () => {
    const keys = createSigningKeys(createTestSealer());
    const { kid } = keys.mint();
    expect(() => keys.get(kid)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
