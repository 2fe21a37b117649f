/** Beyond printable ASCII; JSON escapes what is below by itself. */
const BEYOND = /[^ -~]/g;

/**
 * JSON in ASCII alone, whatever is not being escaped (RFC 8259 §7): one reading under every charset, and half the work to
 * send. A receipt has an em dash in each of its signature lines.
 */
export function asciiJson(value: object): Buffer {
  const text = JSON.stringify(value).replaceAll(BEYOND, escaped);
  return Buffer.from(text, 'latin1');
}

/** One UTF-16 unit as JSON escapes it; a pair is two of them. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
