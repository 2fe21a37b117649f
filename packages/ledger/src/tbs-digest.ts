import { concatBytes } from './bytes.ts';
import type { Hash } from './hash.ts';
import { encodeUtf8 } from './utf8.ts';

/** What kind of bytes a credential is known by. */
export type TbsKind = 'jwt' | 'x509' | 'ssh' | 'secret';

/** The domains of `tbsDigest`, so that bytes of one kind can never pass for another. */
const DOMAINS: Readonly<Record<TbsKind, Uint8Array>> = {
  jwt: encodeUtf8('writ/tbs/jwt/1\n'),
  x509: encodeUtf8('writ/tbs/x509/1\n'),
  ssh: encodeUtf8('writ/tbs/ssh/1\n'),
  secret: encodeUtf8('writ/tbs/secret/1\n'),
};

/**
 * The digest a leaf holds of a credential: `SHA-256(domain ‖ bytes)`. The bytes are those to be signed, never
 * the signature: a second valid signature over them is the same credential. For an opaque secret they are the
 * 256 random bits. They hide themselves, as serial, `jti` and secret hold 128 random bits or more.
 */
export function tbsDigest(hash: Hash, kind: TbsKind, bytes: Uint8Array): Uint8Array {
  return hash(concatBytes(DOMAINS[kind], bytes));
}
