/* oxlint-disable typescript/restrict-template-expressions, typescript/no-misused-spread -- every way of printing is what is tested */
import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from './secret.ts';

const CANARY = 'canary-4711';
const secret = new Secret(CANARY);

describe('Secret', () => {
  test.each([
    ['String', String(secret)],
    ['a template', `${secret}`],
    ['joining', [secret].join()],
    ['adding', '' + secret],
    ['JSON', JSON.parse(JSON.stringify(secret)) as string],
    ['toLocaleString', secret.toLocaleString()],
    ['inspect', inspect(secret)],
    ['inspect with everything', inspect(secret, { showHidden: true, depth: 10, getters: true })],
    ['format %s', format('%s', secret)],
    ['format %o', format('%o', secret)],
    ['format %j', format('%j', secret).slice(1, -1)],
    ['an error message', new Error(`${secret}`).message],
  ])('S0.19 O1 it prints [secret] as %s', (_, text) => expect(text).toBe('[secret]'));

  test.each([
    ['JSON of what holds it', JSON.stringify({ a: [secret] })],
    ['inspect of what holds it', inspect({ a: [secret] }, { showHidden: true })],
    ['its keys', JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret).map(String)])],
    ['a spread copy', inspect({ ...secret }, { showHidden: true })],
    ['Object.assign', inspect(Object.assign({}, secret), { showHidden: true })],
    ['its prototype', inspect(Object.getPrototypeOf(secret), { showHidden: true })],
    ['an error that carries it', inspect(new Error('x', { cause: secret }))],
  ])('S0.4 the value is not in %s', (_, text) => expect(text).not.toContain(CANARY));

  test('S0.19 a structured clone does not carry the value', () => {
    expect(
      inspect(structuredClone(Object.assign(Object.create(null) as object, { ...secret }))),
    ).not.toContain(CANARY);
  });

  test('it comes out by reveal alone, and a Secret of a Secret stays one', () => {
    expect(secret.reveal()).toBe(CANARY);
    expect(`${new Secret(secret)}`).toBe('[secret]');
    expect(new Secret(secret).reveal()).toBe(secret);
  });
});
