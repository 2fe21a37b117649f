import { textMember } from './read.js';

/** Path of the public URL, which every address begins with. */
export const base = document.documentElement.dataset['base'] ?? '';

/** What a server answered instead of what was asked, in words. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {string | null} code of the problem
   */
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/**
 * Asks the server.
 * @param {string} path below the public URL
 * @param {object | null} body null: GET
 * @returns {Promise<unknown>} what it answered
 * @throws {Refusal} whose message says what is wrong, and what would help
 */
export async function ask(path, body) {
  const response = await fetch(base + path, {
    ...(body === null
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    credentials: 'same-origin',
    redirect: 'error',
  }).catch(() => {
    throw new Refusal('The server does not answer. Try again in a moment.', null);
  });
  /** @type {unknown} */
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw refusalOf(answer, response.status);
}

/**
 * @param {unknown} problem of RFC 9457
 * @param {number} status
 */
function refusalOf(problem, status) {
  const read = (/** @type {string} */ name) => {
    /** @type {unknown} */
    const value = typeof problem === 'object' && problem !== null ? Reflect.get(problem, name) : undefined;
    return typeof value === 'string' ? value : null;
  };
  const what = read('detail') ?? reasonsOf(problem) ?? read('title') ?? `the server answered ${status}`;
  // Where somebody decided against it, what was decided is all there is to say.
  const code = read('code');
  const help = code === 'refused' ? null : read('help');
  return new Refusal(sentence(what) + (help === null ? '' : ` What helps: ${help}.`), code);
}

/**
 * @param {unknown} problem
 * @returns {string | null} null where it gives none
 */
function reasonsOf(problem) {
  /** @type {unknown} */
  const reasons = typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'reasons') : null;
  const said = Array.isArray(reasons) ? reasons.map((reason) => textMember(reason, 'message')) : [];
  return said.length === 0 ? null : said.join('; ');
}

/** @param {string} text */
function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
