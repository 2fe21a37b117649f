import { generateKeyPairSync, hash, type JsonWebKey, type KeyObject } from 'node:crypto';
import { signCompactJws } from './oidc-issuer.ts';

export interface ProofRequest {
  readonly method: string;
  readonly url: string;
  /** milliseconds since the epoch */
  readonly now: number;
  readonly nonce?: string;
  readonly accessToken?: string;
  /** default: another one each time */
  readonly jti?: string;
}

/** `undefined` takes a member away. */
export interface ProofOverrides {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  /** signs instead of the key in the header */
  readonly key?: KeyObject;
}

/** A workload's proof-of-possession key that makes RFC 9449 proofs. */
export interface DpopKey {
  readonly jwk: JsonWebKey;
  /** RFC 7638, base64url */
  readonly thumbprint: string;
  readonly privateKey: KeyObject;
  prove(request: ProofRequest, overrides?: ProofOverrides): string;
}

/** A proof that must be refused, and the abuse case it shows. */
export interface HostileProof {
  readonly abuse: string;
  readonly name: string;
  /** values of the `DPoP` headers to send */
  readonly proofs: (key: DpopKey, request: ProofRequest) => readonly string[];
}

let keys = 0;

export function createDpopKey(algorithm: 'ES256' | 'Ed25519' | 'EdDSA' = 'ES256'): DpopKey {
  const { publicKey, privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  const { crv, kty, x, y } = jwk;
  keys += 1;
  const name = `proof-${keys}`;
  let proofs = 0;
  return {
    jwk,
    thumbprint: hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url'),
    privateKey,
    prove(request, overrides = {}) {
      proofs += 1;
      const header = { alg: algorithm, typ: 'dpop+jwt', jwk, ...overrides.header };
      const payload = {
        jti: request.jti ?? `${name}-${proofs}`,
        htm: request.method,
        htu: request.url,
        iat: Math.floor(request.now / 1000),
        nonce: request.nonce,
        ath: request.accessToken === undefined ? undefined : hash('sha256', request.accessToken, 'base64url'),
        ...overrides.payload,
      };
      return signCompactJws(header, payload, overrides.key ?? privateKey, algorithm);
    },
  };
}

function badHeader(
  abuse: string,
  name: string,
  change: (key: DpopKey) => Record<string, unknown>,
): HostileProof {
  return { abuse, name, proofs: (key, request) => [key.prove(request, { header: change(key) })] };
}

function badPayload(
  abuse: string,
  name: string,
  change: (request: ProofRequest) => Record<string, unknown>,
): HostileProof {
  return { abuse, name, proofs: (key, request) => [key.prove(request, { payload: change(request) })] };
}

function target(name: string, change: (url: URL) => void): HostileProof {
  return badPayload('D11', name, ({ url }) => {
    const changed = new URL(url);
    change(changed);
    return { htu: changed.href };
  });
}

/** Proofs made from a good request, each wrong in one way, for ES256 and Ed25519 keys. */
export const HOSTILE_PROOFS: readonly HostileProof[] = [
  { abuse: 'D1', name: 'no proof', proofs: () => [] },
  { abuse: 'D1', name: 'two proofs', proofs: (key, request) => [key.prove(request), key.prove(request)] },
  {
    abuse: 'D1',
    name: 'two proofs in one header',
    proofs: (key, request) => [`${key.prove(request)}, ${key.prove(request)}`],
  },
  badHeader('D2', 'no typ', () => ({ typ: undefined })),
  badHeader('D2', 'no alg', () => ({ alg: undefined })),
  badHeader('D3', 'no jwk', () => ({ jwk: undefined })),
  badHeader('D3', 'jwk that is a text', ({ jwk }) => ({ jwk: JSON.stringify(jwk) })),
  badPayload('D4', 'no jti', () => ({ jti: undefined })),
  badPayload('D4', 'empty jti', () => ({ jti: '' })),
  badPayload('D4', 'jti that is a number', () => ({ jti: 1 })),
  badPayload('D5', 'no htm', () => ({ htm: undefined })),
  badPayload('D5', 'no htu', () => ({ htu: undefined })),
  badPayload('D6', 'no iat', () => ({ iat: undefined })),
  badPayload('D6', 'iat that is a text', ({ now }) => ({ iat: String(Math.floor(now / 1000)) })),
  badPayload('D6', 'iat with a fraction', ({ now }) => ({ iat: Math.floor(now / 1000) + 0.5 })),
  badPayload('D6', 'iat beyond all time', () => ({ iat: 1e300 })),
  badHeader('D7', 'typ JWT', () => ({ typ: 'JWT' })),
  badHeader('D7', 'typ at+jwt', () => ({ typ: 'at+jwt' })),
  badHeader('D7', 'typ in capitals', () => ({ typ: 'DPOP+JWT' })),
  badHeader('D8', 'alg none', () => ({ alg: 'none' })),
  badHeader('D8', 'alg HS256', () => ({ alg: 'HS256' })),
  badHeader('D8', 'alg RS256', () => ({ alg: 'RS256' })),
  badHeader('D8', 'alg in lower case', () => ({ alg: 'es256' })),
  badHeader('D9', 'private jwk', ({ privateKey }) => ({ jwk: privateKey.export({ format: 'jwk' }) })),
  badHeader('D9', 'symmetric jwk', () => ({ jwk: { kty: 'oct', k: 'c2VjcmV0' } })),
  {
    abuse: 'D10',
    name: 'signed by another key',
    proofs: (key, request) => [
      key.prove(request, { key: createDpopKey(key.jwk.kty === 'EC' ? 'ES256' : 'Ed25519').privateKey }),
    ],
  },
  {
    abuse: 'D10',
    name: 'without signature',
    proofs: (key, request) => [key.prove(request).replace(/[^.]*$/, '')],
  },
  badPayload('D11', 'htm of another method', ({ method }) => ({ htm: method === 'PUT' ? 'POST' : 'PUT' })),
  badPayload('D11', 'htm in lower case', ({ method }) => ({ htm: method.toLowerCase() })),
  target('htu of another host', (url) => (url.hostname = 'evil.example')),
  target('htu of a sub-domain', (url) => (url.hostname = `x.${url.hostname}`)),
  target('htu of another port', (url) => (url.port = '8443')),
  target('htu of another scheme', (url) => (url.protocol = url.protocol === 'https:' ? 'http:' : 'https:')),
  target('htu of another path', (url) => (url.pathname += '/x')),
  target('htu with a slash more', (url) => (url.pathname += '/')),
  target('htu of a path in capitals', (url) => (url.pathname = url.pathname.toUpperCase())),
  target('htu with a user', (url) => (url.username = 'user')),
  badPayload('D11', 'relative htu', ({ url }) => ({ htu: new URL(url).pathname })),
  badPayload('D11', 'htu with a space before', ({ url }) => ({ htu: ` ${url}` })),
  badPayload('D11', 'htu with a line break', ({ url }) => ({ htu: `${url}\n` })),
  badPayload('D13', 'htu that is a list', ({ url }) => ({ htu: [url] })),
  badPayload('D13', 'htu that is an object', ({ url }) => ({ htu: { href: url } })),
  badPayload('D15', 'jti of 257 characters', () => ({ jti: 'x'.repeat(257) })),
  badPayload('D15', 'jti of 100 kB', () => ({ jti: 'x'.repeat(100_000) })),
  badPayload('D17', 'iat 61 s ago', ({ now }) => ({ iat: Math.floor(now / 1000) - 61 })),
  badPayload('D17', 'iat 61 s ahead', ({ now }) => ({ iat: Math.ceil(now / 1000) + 61 })),
];
