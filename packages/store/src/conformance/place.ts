import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import { ed25519Signer, ed25519Verifier, type Hash, type NoteVerifier, verifierKey } from '@writ/ledger';
import type { LogOptions, Step } from '../log-options.ts';
import type { Store } from '../port.ts';

/** One database, to be opened again and again. */
export interface Place extends AsyncDisposable {
  open(opening?: Opening): Promise<Store>;
  /** Runs a statement behind the store's back. */
  tamper(sql: string): Promise<void>;
  /** A module that opens this place in a process of its own (see `crashProgram`), and the address it is given. */
  readonly child: { readonly program: string; readonly address: string };
}

export type NewPlace = () => Promise<Place>;

export interface Opening {
  readonly now?: () => number;
  readonly fault?: (step: Step) => void;
}

export const ORIGIN = 'log.writ.example/conformance';
export const START: number = Date.UTC(2026, 10, 22);

export const sha256: Hash = (data) => hash('sha256', data, 'buffer');

// A key of zeroes: these tests need one, not a secret one. RFC 8410 §7.
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32)]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = createPublicKey(privateKey);
const rawPublicKey = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const key = verifierKey(sha256, ORIGIN, 'ed25519', rawPublicKey);

export const verifiers: readonly NoteVerifier[] = [
  ed25519Verifier(key, (_, message, signature) => verify(null, message, publicKey, signature)),
];

/** What every opening of a place gives its driver. */
export function logOptions({ now = () => START, fault }: Opening = {}): LogOptions {
  const signer = ed25519Signer(key, (message) => new Uint8Array(sign(null, message, privateKey)));
  return { origin: ORIGIN, hash: sha256, signer, verifiers, now, fault };
}
