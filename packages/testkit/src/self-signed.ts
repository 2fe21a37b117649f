import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';

/** A TLS server's key and the certificate that it signed for itself. */
export interface SelfSigned {
  /** PEM */
  readonly key: string;
  /** PEM */
  readonly cert: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), base64 (RFC 7469 §2.4) */
  readonly pin: string;
}

/** A P-256 key with a certificate that no authority vouches for, that names no host, and that ended in 2021. */
export function selfSigned(): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(certificate(spki, privateKey)),
    pin: hash('sha256', spki, 'base64'),
  };
}

const SEQUENCE = 0x30;
const SET = 0x31;
/** ecdsa-with-SHA256 */
const ALGORITHM = der(SEQUENCE, Buffer.from('06082a8648ce3d040302', 'hex'));
/** CN=nobody */
const NAME = der(
  SEQUENCE,
  der(SET, der(SEQUENCE, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('nobody')))),
);
const VALIDITY = der(
  SEQUENCE,
  der(0x17, Buffer.from('200101000000Z')),
  der(0x17, Buffer.from('210101000000Z')),
);
const SERIAL = Buffer.from('020101', 'hex');

/** Version 1 (RFC 5280 §4.1): without extensions. */
function certificate(spki: Buffer, key: KeyObject): Buffer {
  const body = der(SEQUENCE, SERIAL, ALGORITHM, NAME, VALIDITY, NAME, spki);
  return der(SEQUENCE, body, ALGORITHM, der(0x03, Buffer.from([0]), sign('sha256', body, key)));
}

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
