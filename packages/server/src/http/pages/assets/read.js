/**
 * The member of what a server answered.
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
export function member(value, name) {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, name))
    return Reflect.get(value, name);
  throw new Error(`The server answered something without \`${name}\`.`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
export function textMember(value, name) {
  const text = member(value, name);
  if (typeof text === 'string') return text;
  throw new Error(`The server answered a \`${name}\` that is no text.`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string[]}
 */
export function textsMember(value, name) {
  const texts = member(value, name);
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw new Error(`The server answered a \`${name}\` that is no list of texts.`);
}
