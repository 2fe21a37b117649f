import { describe, expect, test } from 'vitest';
import { member, describe as named } from './node.ts';
import { parseYaml } from './parse-yaml.ts';
import {
  choice,
  dictionary,
  duration,
  flag,
  formed,
  instant,
  list,
  object,
  optional,
  placed,
  refine,
  required,
  type Shape,
  text,
  whole,
} from './shape.ts';

/** What a shape makes of a YAML text, or what it says, with line and column. */
function read<T>(shape: Shape<T>, yaml: string): T | readonly string[] {
  const { root, place } = parseYaml('f', yaml);
  const said: string[] = [];
  const value = shape(root!, (at, message) => {
    const { line, column } = place(at);
    said.push(`${line}:${column} ${message}`);
  });
  if (value === undefined && said.length === 0) throw new Error('refused without a word');
  return said.length > 0 ? said : value!;
}

describe('scalars', () => {
  test.each<readonly [string, Shape<unknown>, string, unknown]>([
    ['a text', text, 'abc', 'abc'],
    ['a text in quotes', text, '"1"', '1'],
    ['a flag', flag, 'false', false],
    ['a number', whole(0, 3), '3', 3],
    ['a duration', duration, '1h30m', 5_400],
    ['an instant', instant, '2027-06-30T00:00:00Z', Date.parse('2027-06-30T00:00:00Z')],
    ['a choice', choice(['a', 'b']), 'b', 'b'],
    ['a choice of numbers', choice([0, 1]), '0', 0],
    ['a form', formed(/^x$/, 'x'), 'x', 'x'],
  ])('%s', (_, shape, yaml, value) => expect(read(shape, yaml)).toEqual(value));

  test.each<readonly [Shape<unknown>, string, string]>([
    [text, '1', 'expected a text, found `1`'],
    [text, '""', 'expected a text, found ``'],
    [text, '[a]', 'expected a text, found a list'],
    [text, '{ a: 1 }', 'expected a text, found a map'],
    [text, 'null', 'expected a text, found nothing'],
    [flag, '"true"', 'expected true or false, found `true`'],
    [flag, 'yes', 'expected true or false, found `yes`'],
    [flag, '1', 'expected true or false, found `1`'],
    [whole(1, 3), '0', 'expected a whole number from 1 to 3, found `0`'],
    [whole(1, 3), '4', 'expected a whole number from 1 to 3, found `4`'],
    [whole(1, 3), '"2"', 'expected a whole number from 1 to 3, found `2`'],
    [duration, '0s', 'expected a duration such as 90s, 10m, 1h30m or 7d, found `0s`'],
    [duration, '60', 'expected a duration such as 90s, 10m, 1h30m or 7d, found `60`'],
    [duration, '-1h', 'expected a duration such as 90s, 10m, 1h30m or 7d, found `-1h`'],
    [instant, '2027-06-30', 'expected a time such as 2027-06-30T00:00:00Z, found `2027-06-30`'],
    [choice(['a', 'b']), 'A', 'expected one of a, b, found `A`'],
    [choice([0, 1]), '"1"', 'expected one of 0, 1, found `1`'],
    [formed(/^x$/, 'an x'), 'xx', 'expected an x, found `xx`'],
    [placed, '[a]', 'expected an expression as text (quote it), found a list'],
    [placed, 'true', 'expected an expression as text (quote it), found `true`'],
  ])('S3.14 %o refuses %s', (shape, yaml, message) => expect(read(shape, yaml)).toEqual([`1:1 ${message}`]));
});

describe('list', () => {
  test('every bad item is named, and an item twice', () => {
    expect(read(list(choice(['a', 'b'])), '[a, c, b, d]')).toEqual([
      '1:5 expected one of a, b, found `c`',
      '1:11 expected one of a, b, found `d`',
    ]);
    expect(read(list(text), '- a\n- b\n- a')).toEqual(['3:3 `a` stands here twice']);
    expect(read(list(text), 'a')).toEqual(['1:1 expected a list, found `a`']);
  });

  test('F14 it has a bound', () => {
    expect(read(list(text, 2), '[a, b]')).toEqual(['a', 'b']);
    expect(read(list(text, 2), '[a, b, c]')).toEqual(['1:1 more than 2 items']);
  });
});

describe('dictionary', () => {
  const names = dictionary(/^[a-z]+$/, whole(0, 9));
  test('names and values are checked, all of them', () => {
    expect(read(names, '{ b: 1, a: 2 }')).toEqual({ b: 1, a: 2 });
    expect(read(names, 'A: 1\nb: x')).toEqual([
      '1:1 `A` is not a name',
      '2:4 expected a whole number from 0 to 9, found `x`',
    ]);
    expect(read(names, '[a]')).toEqual(['1:1 expected a map, found a list']);
  });

  test('a name that every object has is a name like any other', () => {
    expect(Object.keys(read(names, 'valueof: 1') as object)).toEqual(['valueof']);
    expect(read(dictionary(/^[a-zA-Z]+$/, text), 'toString: a')).toEqual({ toString: 'a' });
  });
});

describe('object', () => {
  const rule = object({ name: required(text), 'max-age': required(duration), note: optional(text, 'none') });
  test('a closed map: what is missing and what is unknown are said together', () => {
    expect(read(rule, '{ name: a, max-age: 1m }')).toEqual({ name: 'a', 'max-age': 60, note: 'none' });
    expect(read(rule, 'nam: a\nmax-age: 1\nextra: 1')).toEqual([
      '1:1 unknown key `nam`; did you mean `name`?',
      '3:1 unknown key `extra`; expected name, max-age, note',
      '1:1 `name` is missing',
      '2:10 expected a duration such as 90s, 10m, 1h30m or 7d, found `1`',
    ]);
  });

  test.each([
    ['max_age', 'max-age'],
    ['maxage', 'max-age'],
    ['naem', null],
    ['names', 'name'],
    ['Note', 'note'],
    ['x', null],
  ])('a near miss is helped, a far one is not: %s', (wrong, meant) => {
    const [said] = read(rule, `${wrong}: 1`) as readonly string[];
    expect(said).toBe(
      `1:1 unknown key \`${wrong}\`; ${meant === null ? 'expected name, max-age, note' : `did you mean \`${meant}\`?`}`,
    );
  });

  test('a key without a value is not a key left out', () => {
    expect(read(rule, 'name: a\nmax-age: 1m\nnote:')).toEqual(['3:6 expected a text, found nothing']);
  });

  test('only a map is one', () => {
    expect(read(rule, 'a')).toEqual(['1:1 expected a map with name, max-age, note, found `a`']);
  });
});

describe('refine, describe, member', () => {
  test('what has been refused is not refined', () => {
    const refined = refine(text, () => {
      throw new Error('never');
    });
    expect(read(refined, '1')).toEqual(['1:1 expected a text, found `1`']);
  });

  test('nodes are named for people', () => {
    const { root } = parseYaml('f', 'a: [1]\nb:\nc: x');
    expect(['a', 'b', 'c'].map((name) => named(member(root!, name)!))).toEqual(['a list', 'nothing', '`x`']);
    expect(named(root!)).toBe('a map');
    expect([member(root!, 'd'), member(member(root!, 'c')!, 'x')]).toEqual([undefined, undefined]);
  });
});
