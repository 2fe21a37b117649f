import { EvidenceError } from '../evidence-error.ts';
import { decodeBase64url } from '../jws/base64url.ts';

/** Characters of each member at most, before anything is read of it. */
const LONGEST = {
  authenticator: 1364, // 1023 bytes
  clientDataJson: 4096,
  authenticatorData: 4096,
  signature: 1366, // RSA of 8192 bits
  attestationObject: 8192,
} as const;

/**
 * The bytes of one member as a page sends it: canonical base64url without padding, not empty, of bounded length.
 * @throws EvidenceError `malformed`
 */
export function decodeMember(name: keyof typeof LONGEST, text: string): Buffer {
  const most = LONGEST[name];
  if (text.length > most) throw malformed(name, `is longer than ${most} characters`);
  const bytes = decodeBase64url(text);
  if (bytes === null || bytes.length === 0) throw malformed(name, 'is not base64url without padding');
  return bytes;
}

function malformed(name: string, why: string): EvidenceError {
  return new EvidenceError('malformed', `\`${name}\` ${why}`, { claim: name });
}
