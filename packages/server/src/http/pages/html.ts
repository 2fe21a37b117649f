/** Markup that this package wrote. What is put into it is text, whatever it holds. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup as Html };

/** What can stand in a page. Null is nothing. */
export type Content = string | number | Markup | null | readonly Content[];

/**
 * A piece of a page. What is put in stands as text, or inside a double-quoted attribute; anywhere else in a tag is a mistake of
 * the template's author.
 * @throws Error for that mistake
 */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const places = placesOf(literals);
  let text = literals[0] ?? '';
  values.forEach((value, i) => {
    text += places[i] === 'attribute' ? attribute(value) : markupOf(value);
    text += literals[i + 1] ?? '';
  });
  return new Markup(text);
}

type Place = 'text' | 'attribute';

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

function placesOf(literals: TemplateStringsArray): readonly Place[] {
  const before = known.get(literals);
  if (before !== undefined) return before;
  const places: Place[] = [];
  let state: Place | 'tag' = 'text';
  for (const literal of literals.slice(0, -1)) {
    state = literal.split('').reduce(after, state);
    if (state === 'tag') throw new Error(`a value stands in a tag, outside quotes: \`${literal}\``);
    places.push(state);
  }
  known.set(literals, places);
  return places;
}

const NEXT: Readonly<Record<Place | 'tag', Readonly<Record<string, Place | 'tag'>>>> = {
  text: { '<': 'tag' },
  tag: { '>': 'text', '"': 'attribute' },
  attribute: { '"': 'tag' },
};

function after(state: Place | 'tag', character: string): Place | 'tag' {
  return NEXT[state][character] ?? state;
}

function markupOf(value: Content): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.toString();
  if (isList(value)) return value.map(markupOf).join('');
  return escaped(String(value));
}

function attribute(value: Content): string {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new Error('an attribute holds one text or number');
  return escaped(String(value));
}

function isList(value: Content): value is readonly Content[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls, format characters and halves of pairs: what would turn text around, or could not be seen. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replaceAll(UNSEEN, shown);
}

/** U+202E as `[U+202E]`. */
function shown(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `[U+${code}]`;
}
