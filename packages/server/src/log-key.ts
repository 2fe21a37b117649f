import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Sealer } from '@writ/core';
import {
  ed25519Signer,
  ed25519Verifier,
  formatVerifierKey,
  type Hash,
  type NoteSigner,
  type NoteVerifier,
  verifierKey,
} from '@writ/ledger';
import { writePrivate } from './data-directory.ts';

/** The key that signs checkpoints: one for the life of a log. */
export interface LogKey {
  readonly signer: NoteSigner;
  readonly verifier: NoteVerifier;
  /** the verifier key of C2SP signed-note, for trust policies */
  readonly text: string;
}

const CONTEXT = 'writ/log-key/1';
/** DER of an Ed25519 public key is a fixed 12-byte head and the 32 bytes (RFC 8410 §4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Opens the sealed log key at `path`, or makes one. */
export function openLogKey(path: string, sealer: Sealer, origin: string, hash: Hash): LogKey {
  const privateKey = existsSync(path) ? open(readFileSync(path, 'utf8').trim(), sealer) : make(path, sealer);
  const publicDer = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const key = verifierKey(hash, origin, 'ed25519', publicDer.subarray(SPKI_HEAD.length));
  return {
    signer: ed25519Signer(key, (message) => sign(null, message, privateKey)),
    verifier: ed25519Verifier(key, verifyEd25519),
    text: formatVerifierKey(key),
  };
}

function open(sealed: string, sealer: Sealer): KeyObject {
  return createPrivateKey({ key: Buffer.from(sealer.open(sealed, CONTEXT)), format: 'der', type: 'pkcs8' });
}

function make(path: string, sealer: Sealer): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  writePrivate(path, `${sealer.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), CONTEXT)}\n`);
  return privateKey;
}

/** RFC 8032 verification of a raw 32-byte key. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
