import { generateKeyPairSync } from 'node:crypto';
import type { Registration } from '@writ/attest/webauthn';
import type { Assertion } from '@writ/core';
import { type Ceremony, FLAGS, type SoftwarePasskey } from './software-passkey.ts';
import { cborMap, writeCbor } from './write-cbor.ts';

/** A ceremony that must be refused, and why. `code` is that of the EvidenceError. */
export interface HostileCeremony<T> {
  readonly name: string;
  readonly code: string;
  readonly make: (passkey: SoftwarePasskey, challenge: Uint8Array) => T;
}

const { UP, UV, BS, AT, ED } = FLAGS;
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** What can be wrong with either ceremony. */
const EITHER: readonly (readonly [
  name: string,
  code: string,
  otherwise: (challenge: Uint8Array) => Ceremony,
])[] = [
  ['of another type', 'type', () => ({ clientData: { type: 'payment.get' } })],
  ['without a type', 'type', () => ({ clientData: { type: undefined } })],
  ['over another challenge', 'claim', () => ({ clientData: { challenge: base64url('x'.repeat(32)) } })],
  [
    'over the challenge with padding',
    'claim',
    (challenge) => ({ clientData: { challenge: `${Buffer.from(challenge).toString('base64url')}=` } }),
  ],
  [
    'over the start of the challenge',
    'claim',
    (challenge) => ({
      clientData: { challenge: Buffer.from(challenge.subarray(0, 16)).toString('base64url') },
    }),
  ],
  ['over an empty challenge', 'claim', () => ({ clientData: { challenge: '' } })],
  ['without a challenge', 'claim', () => ({ clientData: { challenge: undefined } })],
  ['on a stranger’s page', 'audience', () => ({ clientData: { origin: 'https://writ.acme.example.evil' } })],
  ['on another port', 'audience', () => ({ clientData: { origin: 'https://writ.acme.example:8443' } })],
  ['on a page without tls', 'audience', () => ({ clientData: { origin: 'http://writ.acme.example' } })],
  ['on a sub-domain', 'audience', () => ({ clientData: { origin: 'https://x.writ.acme.example' } })],
  ['on the page with a slash', 'audience', () => ({ clientData: { origin: 'https://writ.acme.example/' } })],
  ['without an origin', 'audience', () => ({ clientData: { origin: undefined } })],
  ['in a frame', 'claim', () => ({ clientData: { crossOrigin: true } })],
  ['in a frame, in other words', 'claim', () => ({ clientData: { crossOrigin: 'true' } })],
  ['in a page that names a top', 'claim', () => ({ clientData: { topOrigin: 'https://evil.example' } })],
  ['with client data that is a list', 'malformed', () => ({ clientData: Buffer.from('[]') })],
  [
    'with client data that is cut',
    'malformed',
    () => ({ clientData: Buffer.from('{"type":"webauthn.get"') }),
  ],
  [
    'with two challenges',
    'malformed',
    (challenge) => ({
      clientData: Buffer.from(
        `{"type":"webauthn.get","challenge":"${Buffer.from(challenge).toString('base64url')}","challenge":"x"}`,
      ),
    }),
  ],
  ['for another host', 'audience', () => ({ rpId: 'evil.example' })],
  ['for a domain above', 'audience', () => ({ rpId: 'example' })],
  ['for the host in capitals', 'audience', () => ({ rpId: 'WRIT.ACME.EXAMPLE' })],
  ['with bytes behind', 'malformed', () => ({ behind: Buffer.of(0) })],
  ['with a map behind that no flag announces', 'malformed', () => ({ behind: Buffer.of(0xa0) })],
  ['with an extension that is no map', 'malformed', () => ({ extensions: 1 })],
];

/** Assertions by a good passkey of `https://writ.acme.example`, each wrong in one way. */
export const HOSTILE_ASSERTIONS: readonly HostileCeremony<Assertion>[] = [
  ...EITHER.map(([name, code, otherwise]) => ({
    name,
    code,
    make: (passkey: SoftwarePasskey, challenge: Uint8Array) =>
      passkey.assert(challenge, otherwise(challenge)),
  })),
  {
    name: 'that is a registration',
    code: 'type',
    make: (passkey, challenge) => passkey.assert(challenge, { clientData: { type: 'webauthn.create' } }),
  },
  {
    name: 'with nobody there',
    code: 'claim',
    make: (passkey, challenge) => passkey.assert(challenge, { flags: UV }),
  },
  {
    name: 'with somebody unknown there',
    code: 'claim',
    make: (passkey, challenge) => passkey.assert(challenge, { flags: UP }),
  },
  {
    name: 'by a copy of what cannot be copied',
    code: 'claim',
    make: (passkey, challenge) => passkey.assert(challenge, { flags: UP | UV | BS }),
  },
  {
    name: 'that announces a credential and has none',
    code: 'malformed',
    make: (passkey, challenge) => passkey.assert(challenge, { flags: UP | UV | AT }),
  },
  {
    name: 'that holds a credential',
    code: 'malformed',
    make: (passkey, challenge) => {
      const id = Buffer.from(passkey.id, 'base64url');
      const key = writeCbor(passkey.coseKey);
      const behind = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, key]);
      return passkey.assert(challenge, { flags: UP | UV | AT, behind });
    },
  },
  {
    name: 'that announces extensions and has none',
    code: 'malformed',
    make: (passkey, challenge) => passkey.assert(challenge, { flags: UP | UV | ED }),
  },
  {
    name: 'by another key',
    code: 'signature',
    make: (passkey, challenge) => passkey.assert(challenge, { key: stranger }),
  },
  {
    name: 'with another assertion’s signature',
    code: 'signature',
    make: (passkey, challenge) => ({
      ...passkey.assert(challenge),
      signature: passkey.assert(Buffer.alloc(32)).signature,
    }),
  },
  {
    name: 'with a byte behind the signature',
    code: 'signature',
    make: (passkey, challenge) =>
      passkey.assert(challenge, { signature: (made) => Buffer.concat([made, Buffer.of(0)]) }),
  },
  {
    name: 'with a signature that is cut',
    code: 'signature',
    make: (passkey, challenge) => passkey.assert(challenge, { signature: (made) => made.subarray(0, -1) }),
  },
  {
    name: 'without a signature',
    code: 'malformed',
    make: (passkey, challenge) => passkey.assert(challenge, { signature: () => Buffer.alloc(0) }),
  },
];

/** New passkeys for `https://writ.acme.example`, each wrong in one way. */
export const HOSTILE_REGISTRATIONS: readonly HostileCeremony<Registration>[] = [
  ...EITHER.map(([name, code, otherwise]) => ({
    name,
    code,
    make: (passkey: SoftwarePasskey, challenge: Uint8Array) =>
      passkey.register(challenge, otherwise(challenge)),
  })),
  {
    name: 'that is an assertion',
    code: 'type',
    make: (passkey, challenge) => passkey.register(challenge, { clientData: { type: 'webauthn.get' } }),
  },
  {
    name: 'with nobody there',
    code: 'claim',
    make: (passkey, challenge) => passkey.register(challenge, { flags: UV | AT }),
  },
  {
    name: 'with somebody unknown there',
    code: 'claim',
    make: (passkey, challenge) => passkey.register(challenge, { flags: UP | AT }),
  },
  {
    name: 'of a copy of what cannot be copied',
    code: 'claim',
    make: (passkey, challenge) => passkey.register(challenge, { flags: UP | UV | AT | BS }),
  },
  {
    name: 'with a credential that no flag announces',
    code: 'malformed',
    make: (passkey, challenge) => passkey.register(challenge, { flags: UP | UV }),
  },
  {
    name: 'without a credential',
    code: 'malformed',
    make: (passkey, challenge) =>
      passkey.register(challenge, {
        object: (fmt, statement, data) =>
          cborMap([
            ['fmt', fmt],
            ['attStmt', statement],
            ['authData', Buffer.concat([data.subarray(0, 32), Buffer.of(UP | UV), data.subarray(33, 37)])],
          ]),
      }),
  },
  {
    name: 'with an id of 15 bytes',
    code: 'malformed',
    make: (passkey, challenge) => passkey.register(challenge, { id: Buffer.alloc(15, 1) }),
  },
  {
    name: 'with an id of 1024 bytes',
    code: 'malformed',
    make: (passkey, challenge) => passkey.register(challenge, { id: Buffer.alloc(1024, 1) }),
  },
  {
    name: 'with a statement of a maker',
    code: 'unsupported',
    make: (passkey, challenge) =>
      passkey.register(challenge, {
        object: (_fmt, _statement, data) =>
          cborMap([
            ['fmt', 'fido-u2f'],
            ['attStmt', cborMap([['sig', Buffer.alloc(70, 1)]])],
            ['authData', data],
          ]),
      }),
  },
  {
    name: 'with a statement of its own that another key signed',
    code: 'signature',
    make: (passkey, challenge) => passkey.register(challenge, { fmt: 'packed', key: stranger }),
  },
];
