const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * DER of a JOSE ECDSA signature r ‖ s (RFC 7518 §3.4), `scalar` bytes each; null if the length is another. Asking
 * node:crypto for `ieee-p1363` instead costs about as much again as the verification.
 */
export function ecdsaToDer(signature: Uint8Array, scalar: number): Uint8Array | null {
  if (signature.length !== 2 * scalar) return null;
  const rStart = firstByte(signature, 0, scalar);
  const sStart = firstByte(signature, scalar, 2 * scalar);
  const rPad = padOf(signature, rStart);
  const sPad = padOf(signature, sStart);
  const rLength = scalar - rStart + rPad;
  const sLength = 2 * scalar - sStart + sPad;
  // 2 · (2 + 49) = 102 bytes at most: one length byte suffices.
  const der = new Uint8Array(6 + rLength + sLength);
  der[0] = SEQUENCE;
  der[1] = 4 + rLength + sLength;
  der[2] = INTEGER;
  der[3] = rLength;
  der.set(signature.subarray(rStart, scalar), 4 + rPad);
  der[4 + rLength] = INTEGER;
  der[5 + rLength] = sLength;
  der.set(signature.subarray(sStart), 6 + rLength + sPad);
  return der;
}

/** Where the integer's minimal form starts: behind leading zeros, at the last byte at the latest. */
function firstByte(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to - 1 && bytes[at] === 0) at++;
  return at;
}

/** One zero byte where the integer would read as negative. */
function padOf(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) >= 0x80 ? 1 : 0;
}
