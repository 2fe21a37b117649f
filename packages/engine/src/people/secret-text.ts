import { Secret, toHex, utf8 } from '@writ/core';
import { encodeBase64 } from '@writ/ledger';
import type { Ports } from '../ports.ts';

export function base64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** 256 random bits, base64url. */
export function drawSecret({ ids }: Pick<Ports, 'ids'>): Secret<string> {
  return new Secret(base64url(ids.salt()));
}

/** What is kept of a secret: its SHA-256, hexadecimal. It is too long to be guessed, so no salt is needed. */
export function secretId({ sha256 }: Pick<Ports, 'sha256'>, secret: string): string {
  return toHex(sha256(utf8(secret)));
}
