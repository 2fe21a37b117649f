import { Unsupported } from '../formula/vocabulary.ts';

/** A code point, any run of characters, any run without `/`, or one character that is not `/`. */
export type Token = string | 0 | 1 | 2;
export const ANY: Token = 0;
export const RUN: Token = 1;
export const ONE: Token = 2;

/** The end of a pattern. */
const END = null;

/** More states than this, and there is no answer (`unknown`). */
export const MAX_STATES = 20_000;

/** What is left of each pattern after some text. There is one object for each. */
export interface State {
  /** places in the tokens of all patterns, in order */
  readonly places: readonly number[];
  /** which patterns match here, as a key */
  readonly accepted: string;
  /** characters that a pattern names here; all others lead to the same state, but for `/` */
  readonly named: ReadonlySet<string>;
  readonly next: Map<string, State>;
}

/** A text and the state it leads to. */
export interface Reached {
  readonly text: string;
  readonly state: State;
}

/** All patterns read side by side. */
export class Automaton {
  readonly #tokens: readonly (Token | typeof END)[];
  /** by the place of its end, which pattern it is */
  readonly #ends = new Map<number, number>();
  readonly #alphabet: readonly string[];
  readonly #states = new Map<string, State>();
  readonly #start: State;
  /** some character takes two UTF-16 units */
  readonly wide: boolean;

  constructor(patterns: readonly (readonly Token[])[]) {
    const tokens: (Token | typeof END)[] = [];
    const starts = patterns.map((pattern, i) => {
      const start = tokens.length;
      tokens.push(...pattern, END);
      this.#ends.set(tokens.length - 1, i);
      return start;
    });
    this.#tokens = tokens;
    const named = new Set(tokens.filter((token) => typeof token === 'string'));
    this.wide = [...named].some((character) => character.length > 1);
    this.#alphabet = [otherThan(named), '/', ...[...named].filter((character) => character !== '/')];
    this.#start = this.#state(starts);
  }

  begin(): Reached {
    return { text: '', state: this.#start };
  }

  /** Where a text leads. */
  read(text: string): State {
    let state = this.#start;
    for (const character of text) state = this.#step(state, character);
    return state;
  }

  /** Texts that lead from the seeds into every state that can be reached, up to `copies` into each; shortest first. */
  reach(seeds: readonly Reached[], copies: number): readonly Reached[] {
    const visits = new Map<State, number>();
    const found: Reached[] = [];
    let frontier = seeds;
    while (frontier.length > 0) {
      const next: Reached[] = [];
      for (const each of frontier) {
        const before = visits.get(each.state) ?? 0;
        if (before >= copies) continue;
        visits.set(each.state, before + 1);
        if (visits.size > MAX_STATES) throw new Unsupported('the patterns have too many states');
        found.push(each);
        for (const character of this.#alphabet) {
          const state = this.#step(each.state, character);
          if ((visits.get(state) ?? 0) < copies) next.push({ text: each.text + character, state });
        }
      }
      frontier = next;
    }
    return found;
  }

  /** For every state that some text of exactly `length` leads to, such a text. */
  lengthen(seeds: readonly Reached[], length: number): readonly Reached[] {
    let layer: ReadonlyMap<State, string> = new Map(seeds.map(({ text, state }) => [state, text]));
    for (let at = seeds[0]?.text.length ?? 0; at < length; at++) {
      const next = new Map<State, Step>();
      for (const [before, text] of layer) {
        for (const by of this.#alphabet) {
          const state = this.#step(before, by);
          if (!next.has(state)) next.set(state, { text: text + by, by, before });
        }
      }
      if (next.size > MAX_STATES) throw new Unsupported('the patterns have too many states');
      // The same states as before: from here on each is reached from the same one by the same character.
      if (next.size === layer.size && [...next.keys()].every((state) => layer.has(state)))
        return stretched(next, layer, length - at);
      layer = new Map([...next].map(([state, { text }]) => [state, text]));
    }
    return [...layer].map(([state, text]) => ({ text, state }));
  }

  #step(state: State, character: string): State {
    const [other = character] = this.#alphabet;
    const like = character === '/' || state.named.has(character) ? character : other;
    const known = state.next.get(like);
    if (known !== undefined) return known;
    const made = this.#state(state.places.flatMap((at) => advance(this.#tokens[at], at, like)));
    state.next.set(like, made);
    return made;
  }

  #state(from: readonly number[]): State {
    const all = new Set(from);
    for (const at of all) if (this.#tokens[at] === ANY || this.#tokens[at] === RUN) all.add(at + 1);
    const places = [...all].sort((a, b) => a - b);
    const key = places.join(',');
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const tokens = places.map((at) => this.#tokens[at]);
    const made: State = {
      places,
      accepted: places.flatMap((at) => this.#ends.get(at) ?? []).join(' '),
      named: new Set(tokens.filter((token) => typeof token === 'string')),
      next: new Map(),
    };
    this.#states.set(key, made);
    return made;
  }
}

interface Step {
  readonly text: string;
  readonly by: string;
  readonly before: State;
}

/** `times` more steps, all alike. */
function stretched(
  steps: ReadonlyMap<State, Step>,
  from: ReadonlyMap<State, string>,
  times: number,
): readonly Reached[] {
  let texts = new Map(from);
  for (let i = 0; i < times; i++) {
    texts = new Map([...steps].map(([state, { before, by }]) => [state, (texts.get(before) ?? '') + by]));
  }
  return [...texts].map(([state, text]) => ({ state, text }));
}

function advance(token: Token | null | undefined, at: number, character: string): readonly number[] {
  if (token === undefined || token === END) return [];
  if (token === ANY) return [at];
  if (token === RUN) return character === '/' ? [] : [at];
  if (token === ONE) return character === '/' ? [] : [at + 1];
  return token === character ? [at + 1] : [];
}

/** A readable character that no pattern names. */
function otherThan(named: ReadonlySet<string>): string {
  const readable = Array.from('xyzabcdefghijklmnopqrstuvw0123456789_-~').find((each) => !named.has(each));
  if (readable !== undefined) return readable;
  let code = 0x4e00;
  while (named.has(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}
