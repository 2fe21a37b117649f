import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type Sealer, WritError } from '@writ/core';

const NONCE = 12;
const TAG = 16;
const VERSION = 'v1.';

/** A key for one purpose, from the master key (RFC 5869). 32 bytes. */
export function deriveKey(master: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `writ/${purpose}/1`, 32));
}

/** AES-256-GCM with a random nonce; the context is authenticated. Few secrets are sealed, so nonces do not meet. */
export function createSealer(key: Uint8Array): Sealer {
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      return VERSION + sealed.toString('base64url');
    },
    open: (text, context) => {
      try {
        if (!text.startsWith(VERSION)) throw new Error('unknown version');
        const sealed = Buffer.from(text.slice(VERSION.length), 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), {
          authTagLength: TAG,
        });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
        return Buffer.concat([
          decipher.update(sealed.subarray(NONCE, sealed.length - TAG)),
          decipher.final(),
        ]);
      } catch (cause) {
        throw new WritError(
          'verification-failed',
          'a sealed secret does not open; the master key is not the one it was sealed under',
          { cause },
        );
      }
    },
  };
}
