// What is signed, computed by the browser that signs it. Nothing here asks a server anything.
import { toBase64url } from './base64url.js';

/**
 * The canonical form of RFC 8785 for JSON whose numbers are safe integers; Writ has no others.
 * @param {unknown} value
 * @returns {string}
 * @throws {Error} for anything else
 */
export function canonicalJson(value) {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    if (value.isWellFormed()) return JSON.stringify(value);
    throw new Error('a text holds half a character');
  }
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
    throw new Error('a number is no safe integer');
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new Error('this is no JSON');
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/**
 * @param {string} text
 * @returns {Promise<Uint8Array<ArrayBuffer>>} SHA-256
 */
async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/**
 * @param {unknown} value
 * @returns {Promise<string>} SHA-256 of its canonical form, hexadecimal
 */
export async function digestOf(value) {
  const bytes = await sha256(canonicalJson(value));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What a passkey signs when a person decides about a run.
 * @param {{approver: string, decision: string, digest: string, nonce: string, rule: string, run: string}} decided
 * @returns {Promise<string>} base64url
 */
export async function approvalChallenge({ approver, decision, digest, nonce, rule, run }) {
  const decided = { approver, decision, digest, nonce, rule, run };
  return toBase64url(await sha256(`writ/approval/1\n${canonicalJson(decided)}`));
}

/**
 * What a passkey signs when the passkeys of a person change; `id` of the one that comes, if one does.
 * @param {{event: string, id?: string, nonce: string, person: string}} change
 * @returns {Promise<string>} base64url
 */
export async function passkeyChallenge({ event, id, nonce, person }) {
  const change = { event, ...(id === undefined ? {} : { id }), nonce, person };
  return toBase64url(await sha256(`writ/authenticator/1\n${canonicalJson(change)}`));
}

/**
 * Puts together what the server took apart: a JSON Pointer (RFC 6901) and a JSON text for every leaf.
 * @param {ReadonlyArray<{pointer: string, text: string}>} leaves
 * @returns {unknown}
 * @throws {Error} where two leaves say something of one place, or a text is no JSON
 */
export function planOf(leaves) {
  if (leaves.length === 1 && leaves[0]?.pointer === '') return JSON.parse(leaves[0].text);
  const plan = emptyObject();
  for (const { pointer, text } of leaves) {
    const [first, ...tokens] = pointer
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = tokens.pop();
    if (first !== '' || last === undefined) throw new Error(`\`${pointer}\` is no place in it`);
    let place = plan;
    for (const token of tokens) {
      /** @type {unknown} */
      const inner = place[token] ?? emptyObject();
      if (!isMade(inner)) throw new Error(`\`${pointer}\` is below a value`);
      place[token] = inner;
      place = inner;
    }
    if (last in place) throw new Error(`\`${pointer}\` is there twice`);
    place[last] = JSON.parse(text);
  }
  return plan;
}

/** @returns {Record<string, unknown>} without a prototype, so that every name is just a name */
function emptyObject() {
  /** @type {Record<string, unknown>} */
  const object = { __proto__: null };
  return object;
}

/**
 * Whether it was made here, and did not stand in a leaf.
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isMade(value) {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}
