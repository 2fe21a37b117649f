import { Unsupported } from '../formula/vocabulary.ts';

/** What texts are held against. Two texts that all of these treat alike are in one class. */
export interface TextTests {
  readonly literals: readonly string[];
  /** patterns of `match`; `*` stays inside a segment */
  readonly globs: readonly string[];
  /** patterns of `like`; null crosses segments */
  readonly likes: readonly (readonly (string | null)[])[];
  /** lengths in UTF-16 units that some rule does not let a text exceed */
  readonly lengths: readonly number[];
}

/** A code point, any run of characters, any run without `/`, or one character that is not `/`. */
type Token = string | 0 | 1 | 2;
const ANY: Token = 0;
const RUN: Token = 1;
const ONE: Token = 2;

/** More states than this, and there is no answer (`unknown`). */
export const MAX_STATES = 20_000;
/** More classes than this, and there is no answer. */
export const MAX_CLASSES = 2_000;

/**
 * Texts such that every text is treated by `tests` like one of them; of each class `copies` different ones, where it has so
 * many. `hint` names texts that nothing is known of.
 */
export function textClasses(tests: TextTests, copies: number, hint: string): readonly string[] {
  const literals = [...new Set(tests.literals)];
  if (tests.globs.length + tests.likes.length + tests.lengths.length === 0) {
    return [...fresh(hint, new Set(literals), copies), ...literals];
  }
  const patterns = [
    ...literals.map((text): Token[] => Array.from(text)),
    ...tests.globs.map(tokensOfGlob),
    ...tests.likes.map((pattern) =>
      pattern.flatMap((part): Token[] => (part === null ? [ANY] : Array.from(part))),
    ),
  ];
  const automaton = new Automaton(patterns);
  const classes = new Map<string, string[]>();
  const bounds = [...new Set(tests.lengths)].sort((a, b) => a - b);
  if (bounds.length > 0 && automaton.wide)
    throw new Unsupported('a length over texts outside the basic plane');
  const classOf = (text: string): string =>
    `${bounds.filter((most) => text.length > most).length} ${automaton.accepts(text)}`;
  const add = (text: string): void => {
    const found = classes.get(classOf(text));
    if (found === undefined) classes.set(classOf(text), [text]);
    else if (found.length < copies && !found.includes(text)) found.push(text);
    if (classes.size * copies > MAX_CLASSES) throw new Unsupported('the patterns make too many classes');
  };
  // Readable ones first; they stand for their class whatever it is.
  for (const text of fresh(hint, new Set(literals), copies)) add(text);
  let seeds: readonly Reached[] = [automaton.begin()];
  for (const { text } of automaton.reach(seeds, copies)) add(text);
  for (const most of bounds) {
    seeds = automaton.lengthen(seeds, most + 1);
    for (const { text } of automaton.reach(seeds, copies)) add(text);
  }
  return [...classes.values()].flat();
}

/** Texts that are none of those taken. */
export function fresh(hint: string, taken: ReadonlySet<string>, count: number): readonly string[] {
  const found: string[] = [];
  for (let i = 1; found.length < count; i++) {
    const text = i === 1 ? `some-${hint}` : `some-${hint}-${i}`;
    if (!taken.has(text)) found.push(text);
  }
  return found;
}

/** A lone `*` never makes a whole segment empty. */
function tokensOfGlob(pattern: string): Token[] {
  return pattern.split('/').flatMap((segment, i): Token[] => {
    const tokens = Array.from(segment, (part): Token => (part === '*' ? RUN : part));
    return [...(i > 0 ? ['/'] : []), ...(segment === '*' ? [ONE, RUN] : tokens)];
  });
}

/** All patterns read side by side; a state is what is left of each. */
class Automaton {
  readonly #patterns: readonly (readonly Token[])[];
  readonly #alphabet: readonly string[];
  readonly wide: boolean;

  constructor(patterns: readonly (readonly Token[])[]) {
    this.#patterns = patterns;
    const named = new Set(patterns.flat().filter((token) => typeof token === 'string'));
    this.wide = [...named].some((character) => character.length > 1);
    const other = Array.from('xyzabcdefghijklmnopqrstuvw0123456789_-~').find(
      (character) => !named.has(character),
    );
    this.#alphabet = [
      other ?? unusedCharacter(named),
      '/',
      ...[...named].filter((character) => character !== '/'),
    ];
  }

  /** Which patterns a text matches, as a key. */
  accepts(text: string): string {
    let state = this.#start();
    for (const character of text) state = this.#step(state, character);
    return this.#accepted(state).join(' ');
  }

  begin(): Reached {
    return { text: '', state: this.#start() };
  }

  /** Texts that lead from the seeds into every state that can be reached, up to `copies` into each; shortest first. */
  reach(seeds: readonly Reached[], copies: number): readonly Reached[] {
    const visits = new Map<string, number>();
    const found: Reached[] = [];
    let frontier = seeds;
    while (frontier.length > 0) {
      const next: Reached[] = [];
      for (const each of frontier) {
        const key = keyOf(each.state);
        const before = visits.get(key) ?? 0;
        if (before >= copies) continue;
        visits.set(key, before + 1);
        if (visits.size > MAX_STATES) throw new Unsupported('the patterns have too many states');
        found.push(each);
        for (const character of this.#alphabet) next.push(this.#onwards(each, character));
      }
      frontier = next;
    }
    return found;
  }

  /** For every state that some text of exactly `length` leads to, such a text. */
  lengthen(seeds: readonly Reached[], length: number): readonly Reached[] {
    let layer: ReadonlyMap<string, Reached> = new Map(seeds.map((each) => [keyOf(each.state), each]));
    for (let at = seeds[0]?.text.length ?? 0; at < length; at++) {
      const next = new Map<string, Reached & { readonly by: string; readonly before: string }>();
      for (const [before, each] of layer) {
        for (const by of this.#alphabet) {
          const onwards = this.#onwards(each, by);
          const key = keyOf(onwards.state);
          if (!next.has(key)) next.set(key, { ...onwards, by, before });
        }
      }
      if (next.size > MAX_STATES) throw new Unsupported('the patterns have too many states');
      // The same states as before: from here on each is reached from the same one by the same character.
      if (next.size === layer.size && [...next.keys()].every((key) => layer.has(key)))
        return stretched(next, layer, length - at);
      layer = next;
    }
    return [...layer.values()];
  }

  #onwards({ text, state }: Reached, character: string): Reached {
    return { text: text + character, state: this.#step(state, character) };
  }

  #start(): State {
    return new Map(this.#patterns.map((pattern, i) => [i, closure(pattern, [0])]));
  }

  /** Patterns that nothing can match any more are left out, so that prefixes of many patterns share a state. */
  #step(state: State, character: string): State {
    const next: State = new Map();
    for (const [i, positions] of state) {
      const pattern = this.#patterns[i] ?? [];
      const moved = closure(
        pattern,
        positions.flatMap((at) => advance(pattern[at], at, character)),
      );
      if (moved.length > 0) next.set(i, moved);
    }
    return next;
  }

  #accepted(state: State): readonly number[] {
    return [...state]
      .filter(([i, positions]) => positions.includes(this.#patterns[i]?.length ?? -1))
      .map(([i]) => i);
  }
}

type State = Map<number, readonly number[]>;

interface Reached {
  readonly text: string;
  readonly state: State;
}

/** `times` more steps, all alike. */
function stretched(
  steps: ReadonlyMap<string, Reached & { readonly by: string; readonly before: string }>,
  from: ReadonlyMap<string, Reached>,
  times: number,
): readonly Reached[] {
  let texts = new Map([...from].map(([key, { text }]) => [key, text]));
  for (let i = 0; i < times; i++) {
    texts = new Map([...steps].map(([key, { before, by }]) => [key, (texts.get(before) ?? '') + by]));
  }
  return [...steps].map(([key, { state }]) => ({ state, text: texts.get(key) ?? '' }));
}

function keyOf(state: State): string {
  return [...state].map(([i, positions]) => `${i}:${positions.join(',')}`).join(' ');
}

function advance(token: Token | undefined, at: number, character: string): readonly number[] {
  if (token === undefined) return [];
  if (token === ANY) return [at];
  if (token === RUN) return character === '/' ? [] : [at];
  if (token === ONE) return character === '/' ? [] : [at + 1];
  return token === character ? [at + 1] : [];
}

function closure(pattern: readonly Token[], positions: readonly number[]): readonly number[] {
  const all = new Set(positions);
  for (const at of all) if (pattern[at] === ANY || pattern[at] === RUN) all.add(at + 1);
  return [...all].sort((a, b) => a - b);
}

function unusedCharacter(named: ReadonlySet<string>): string {
  let code = 0x4e00;
  while (named.has(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}
