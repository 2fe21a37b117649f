import { Unsupported } from '../formula/vocabulary.ts';
import { ANY, Automaton, ONE, type Reached, RUN, type Token } from './automaton.ts';

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
  const automaton = new Automaton(distinct(patterns));
  const classes = new Map<string, string[]>();
  const bounds = [...new Set(tests.lengths)].sort((a, b) => a - b);
  if (bounds.length > 0 && automaton.wide)
    throw new Unsupported('a length over texts outside the basic plane');
  const add = ({ text, state }: Reached): void => {
    const key = `${bounds.filter((most) => text.length > most).length} ${state.accepted}`;
    const found = classes.get(key);
    if (found === undefined) classes.set(key, [text]);
    else if (found.length < copies && !found.includes(text)) found.push(text);
    if (classes.size * copies > MAX_CLASSES) throw new Unsupported('the patterns make too many classes');
  };
  // Readable ones first; they stand for their class whatever it is.
  for (const text of fresh(hint, new Set(literals), copies)) add({ text, state: automaton.read(text) });
  let seeds: readonly Reached[] = [automaton.begin()];
  automaton.reach(seeds, copies).forEach(add);
  for (const most of bounds) {
    seeds = automaton.lengthen(seeds, most + 1);
    automaton.reach(seeds, copies).forEach(add);
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

/** Of patterns that are the same, one. */
function distinct(patterns: readonly (readonly Token[])[]): readonly (readonly Token[])[] {
  return [...new Map(patterns.map((pattern) => [JSON.stringify(pattern), pattern])).values()];
}
