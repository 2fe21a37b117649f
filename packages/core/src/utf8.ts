/**
 * UTF-8 (RFC 3629) of a string without lone surrogates; a lone surrogate becomes U+FFFD, as TextEncoder does.
 * Written out because the pure packages see no ambient globals.
 */
export function utf8(text: string): Uint8Array {
  const ascii = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return utf8From(text, i, ascii);
    ascii[i] = unit;
  }
  return ascii;
}

/** The rest of a text whose first `start` characters are ASCII and already in `ascii`. */
function utf8From(text: string, start: number, ascii: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  bytes.set(ascii.subarray(0, start));
  let length = start;
  for (let i = start; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0;
    if (point > 0xffff) i++;
    length = encode(isSurrogate(point) ? 0xfffd : point, bytes, length);
  }
  return bytes.slice(0, length);
}

/** Whether every surrogate in `text` has its partner (RFC 8785 §3.2.2.2 demands it). */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

function encode(point: number, into: Uint8Array, at: number): number {
  if (point < 0x80) {
    into[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    into[at] = 0xc0 | (point >> 6);
    into[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x10000) {
    into[at] = 0xe0 | (point >> 12);
    into[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    into[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  into[at] = 0xf0 | (point >> 18);
  into[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  into[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  into[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}
