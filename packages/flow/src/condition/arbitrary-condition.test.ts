import { Datetime, Decimal, Duration, toSet, type Value } from '@writ/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

/** Texts that differ only where a careless comparison would not look. */
const ODD = [
  '',
  'a',
  'A',
  'b',
  'ab',
  'abc',
  '*',
  'a*',
  '*a',
  '**',
  'a*b',
  '\\',
  '\\*',
  'a\\*b',
  '"',
  "'",
  '{',
  '}',
  '//',
  '};',

  '\n',
  '\r\n',
  '\t',
  '\0',
  'a\0b',
  'é',
  'e\u0301',
  'ß',
  'ss',
  'ı',
  'İ',
  '\uFEFF',
  '\u00A0',
  '\uFFFD',
  '\uE000',
  '\u2028',

  '\u{1F600}',
  '\u{1F600}\u{1F601}',
  '\u{1F468}\u200D\u{1F469}',
  '\u202Eabc',
  '\u{10FFFF}',
  'a/b',
  '/',
  'true',
  '0',
];
const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const LARGEST = Number.MAX_SAFE_INTEGER;
const long = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(LARGEST, -LARGEST));

/** A value, as we hold it and as Cedar is told it. */
export type Both = readonly [ours: Value, cedar: unknown];
const plain = (value: string | number | boolean): Both => [value, value];
const call = (fn: string, arg: string): unknown => ({ __extn: { fn, arg } });
const VALUES = {
  String: text.map(plain),
  Long: long.map(plain),
  Boolean: fc.boolean().map(plain),
  Set: fc.array(text, { maxLength: 4 }).map((members): Both => [toSet(members), members]),
  duration: fc
    .constantFrom(-3_600_000, 0, 1, 1000, 60_000, 3_600_000, 86_400_000, 93_784_005)
    .map((ms): Both => [new Duration(ms), call('duration', `${ms}ms`)]),
  datetime: fc
    .constantFrom(0, -1, 1_709_204_400_000, 1_709_204_400_001, 1_709_164_800_000, 253_402_300_799_000)
    .map((ms): Both => [new Datetime(ms), call('datetime', new Date(ms).toISOString())]),
  decimal: fc
    .constantFrom('0.0', '1.0', '1.5', '-1.5', '0.0001', '922337203685477.5807')
    .map(
      (arg): Both => [
        new Decimal(BigInt(arg.replace(/\.(\d+)$/, (_, d: string) => d.padEnd(4, '0')))),
        call('decimal', arg),
      ],
    ),
} satisfies Record<string, fc.Arbitrary<Both>>;

export interface Attribute {
  readonly schema: object;
  readonly value: fc.Arbitrary<Both>;
}

/** `s:String os?:String …` and inner records, as a schema and as values of it. A `?` may be absent. */
function record(declared: string, inner: Readonly<Record<string, Attribute>> = {}): Attribute {
  const attributes: Record<string, object> = {};
  const values: Record<string, fc.Arbitrary<Both>> = {};
  const required: string[] = [];
  for (const [, name = '', absent, type = ''] of declared.matchAll(/([\w-]+)(\?)?:?(\w*)/g)) {
    const { schema, value } = inner[name] ?? leaf(type as keyof typeof VALUES);
    attributes[name] = { ...schema, required: absent === undefined };
    values[name] = value;
    if (absent === undefined) required.push(name);
  }
  const value = fc.record(values, { requiredKeys: required }).map((built): Both => {
    const parts = Object.entries(built as Record<string, Both>);
    const side = (of: 0 | 1) => Object.fromEntries(parts.map(([name, both]) => [name, both[of]]));
    return [side(0) as Value, side(1)];
  });
  return { schema: { type: 'Record', attributes }, value };
}

function leaf(type: keyof typeof VALUES): Attribute {
  const schema =
    { Set: { type, element: { type: 'String' } } }[type as 'Set'] ??
    (/^[a-z]/.test(type) ? { type: 'Extension', name: type } : { type });
  return { schema, value: VALUES[type] };
}

const risk = record('n:Long s:String on?:Long');
/** The schema that conditions are generated over, and facts of it. */
export const WORLD = record('request identity evidence facts', {
  request: record(
    's:String n:Long b:Boolean set:Set d:duration t:datetime x:decimal os?:String on?:Long ob?:Boolean oset?:Set od?:duration odd-name?:String',
  ),
  identity: record('s:String has?:String t:datetime'),
  evidence: record('p? q', { p: record('s:String os?:String set:Set'), q: record('os?:String') }),
  facts: record('r r2', { r: risk, r2: risk }),
});

/** A text as a literal of Cedar, in one of the spellings it has. */
const quote = (value: string, escaped: boolean): string =>
  `"${Array.from(value, (c) => {
    if (c === '"' || c === '\\') return `\\${c}`;
    return c === '\r' || c === '\0' || (escaped && c !== '*') ? `\\u{${c.codePointAt(0)!.toString(16)}}` : c;
  }).join('')}"`;

/** A pattern: pieces, wildcards and escaped stars. */
const pattern = fc
  .array(fc.oneof(fc.constant(null), text), { maxLength: 5 })
  .map(
    (parts) =>
      `"${parts.map((part) => (part === null ? '*' : quote(part, false).slice(1, -1).replaceAll('*', '\\*'))).join('')}"`,
  );

const DURATIONS = '0s 1s 1000ms 60s 1m 1h 60m 1d 24h -1h 1d2h3m4s5ms 30d';
const DATETIMES =
  '1970-01-01 1970-01-01T00:00:00Z 1969-12-31T23:59:59.999Z 2024-02-29 2024-02-29T12:00:00+0100 2024-02-29T11:00:00Z 2024-02-29T11:00:00.001Z 0001-01-01 9999-12-31T23:59:59Z 2100-03-01T00:00:00-2359';
const DECIMALS = '0.0 -0.0 1.0 1.0000 1.5 -1.5 0.0001 922337203685477.5807 -922337203685477.5808 01.10';

/** Uses of what may be absent that its `has` makes safe. */
const GUARDED = [
  ['request has os', 'request.os == "a"'],
  ['request has on', 'request.on < 1'],
  ['request has ob', 'request.ob'],
  ['request has oset', 'request.oset.containsAny(request.set)'],
  ['request has "odd-name"', 'request["odd-name"] like "*a"'],
  ['identity has "has"', 'identity["has"] == "a"'],
  ['evidence has p', 'evidence.p.set.isEmpty()'],
  ['evidence has p.os', 'evidence.p.os != ""'],
  ['evidence.q has os', 'evidence.q.os like "\\**"'],
  ['facts.r has on', 'facts.r.on >= 0'],
] as const;

type Rule = 'bool' | 'deep' | 'str' | 'num' | 'set' | 'dur' | 'date' | 'dec' | 'rec';

/** Well-typed expressions. Absent attributes are read unguarded too: then both sides must say that they cannot answer. */
const grammar = fc.letrec<Record<Rule, string>>((tie) => {
  const words = (list: string, form: (word: string) => string = (word) => word) =>
    fc.constantFrom(...list.split(' ').map(form));
  const infix = (of: Rule, operators: string) =>
    fc.tuple(tie(of), words(operators), tie(of)).map((parts) => `(${parts.join(' ')})`);
  const branch = (of: Rule) =>
    fc.tuple(tie('bool'), tie(of), tie(of)).map(([i, a, b]) => `(if ${i} then ${a} else ${b})`);
  const setOf = (of: Rule) =>
    fc.array(tie(of), { minLength: 1, maxLength: 4 }).map((items) => `[${items.join(', ')}]`);
  const method = (set: fc.Arbitrary<string>, names: string, of: fc.Arbitrary<string>) =>
    fc.tuple(set, words(names), of).map(([a, name, b]) => `${a}.${name}(${b})`);
  const mostly = (...arbitraries: fc.Arbitrary<string>[]) =>
    fc.oneof(
      { maxDepth: 3 },
      ...arbitraries.map((arbitrary, i) => ({ arbitrary, weight: i === 0 ? 9 : i === 1 ? 4 : 1 })),
    );
  return {
    str: mostly(
      words(
        'request.s identity.s facts.r.s facts.r2.s request["s"] request.os evidence.p.s evidence.q.os identity["has"] request["odd-name"]',
      ),
      fc.tuple(text, fc.boolean()).map(([value, escaped]) => quote(value, escaped)),
      branch('str'),
    ),
    num: mostly(
      words('request.n facts.r.n facts.r2.n request.on facts.r.on'),
      long.map(String),
      branch('num'),
    ),
    set: mostly(words('request.set request.oset evidence.p.set'), setOf('str'), branch('set')),
    dur: mostly(
      words('request.d request.od'),
      words(DURATIONS, (d) => `duration("${d}")`),
      branch('dur'),
    ),
    date: mostly(
      words('request.t identity.t'),
      words(DATETIMES, (d) => `datetime("${d}")`),
    ),
    dec: mostly(
      words('request.x'),
      words(DECIMALS, (d) => `decimal("${d}")`),
    ),
    rec: words('facts.r facts.r2'),
    bool: fc.oneof(
      { maxDepth: 4 },
      words('request.b true false request.ob'),
      fc
        .constantFrom(...GUARDED)
        .chain(([has, use]) =>
          fc.constantFrom(
            `(${has} && ${use})`,
            `(!(${has}) || ${use})`,
            `(if ${has} then ${use} else false)`,
            `(${has})`,
          ),
        ),
      ...(['str', 'dec', 'set', 'rec'] as const).map((of) => infix(of, '== !=')),
      ...(['num', 'dur', 'date'] as const).map((of) => infix(of, '< <= > >= == !=')),
      fc.tuple(tie('str'), pattern).map(([of, like]) => `(${of} like ${like})`),
      method(tie('set'), 'contains', tie('str')),
      method(setOf('dur'), 'contains', tie('dur')),
      method(setOf('date'), 'contains', tie('date')),
      method(setOf('dec'), 'contains', tie('dec')),
      method(setOf('rec'), 'contains', tie('rec')),
      method(tie('set'), 'containsAll containsAny', tie('set')),
      method(setOf('num'), 'containsAll containsAny', setOf('num')),
      tie('set').map((set) => `${set}.isEmpty()`),
      tie('deep'),
    ),
    deep: fc.oneof(
      infix('bool', '&& ||'),
      tie('bool').map((of) => `!${of}`),
      branch('bool'),
    ),
  };
});

export const CONDITION: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: grammar.bool },
  { weight: 3, arbitrary: grammar.deep },
);

test('the conditions that are compared with Cedar use every operator of the language', () => {
  const all = fc.sample(CONDITION, 2_000).join('\n');
  const operators =
    ' == , != , < , <= , > , >= , && , || ,!, has , like ,contains,containsAll,containsAny,isEmpty,if ,duration,datetime,decimal';
  expect(operators.split(',').filter((operator) => !all.includes(operator))).toEqual([]);
});
