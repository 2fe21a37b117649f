const HALF = 32;

/**
 * r ‖ s of RFC 7518 §3.4 from the DER that the platform signs (SEQUENCE of two INTEGERs) for P-256. Converting here
 * costs half of asking the platform for this form.
 */
export function joseSignature(der: Uint8Array): Buffer {
  const result = Buffer.alloc(2 * HALF);
  const lengthOfR = der[3] ?? 0;
  put(der.subarray(4, 4 + lengthOfR), result, HALF);
  put(der.subarray(6 + lengthOfR), result, 2 * HALF);
  return result;
}

/** Writes an INTEGER's magnitude so that it ends at `end`; a leading zero byte is sign, not magnitude. */
function put(integer: Uint8Array, into: Buffer, end: number): void {
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer;
  into.set(magnitude, end - magnitude.length);
}
