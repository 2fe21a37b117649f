import { describe, expect, test } from 'vitest';
import { parseSpiffeId, trustDomainOf } from './spiffe-id.ts';

describe('parseSpiffeId', () => {
  test('an id is a trust domain and a path of one or more segments', () => {
    expect(parseSpiffeId('spiffe://acme.example/ns/prod/agent/a')).toEqual({
      trustDomain: 'acme.example',
      path: ['ns', 'prod', 'agent', 'a'],
    });
    expect(parseSpiffeId('spiffe://a_b-c.9/A.b_c-9')).toEqual({ trustDomain: 'a_b-c.9', path: ['A.b_c-9'] });
  });

  test.each([
    ['uppercase trust domain', 'spiffe://Acme.example/a'],
    ['scheme in upper case', 'SPIFFE://acme.example/a'],
    ['port', 'spiffe://acme.example:443/a'],
    ['user information', 'spiffe://user@acme.example/a'],
    ['query', 'spiffe://acme.example/a?b'],
    ['fragment', 'spiffe://acme.example/a#b'],
    ['encoded slash', 'spiffe://acme.example/a%2Fb'],
    ['encoded dot', 'spiffe://acme.example/%2e%2e/b'],
    ['empty segment', 'spiffe://acme.example/a//b'],
    ['dot segment', 'spiffe://acme.example/./b'],
    ['dot dot segment', 'spiffe://acme.example/a/../b'],
    ['trailing slash', 'spiffe://acme.example/a/'],
    ['slash alone', 'spiffe://acme.example/'],
    ['no path', 'spiffe://acme.example'],
    ['empty trust domain', 'spiffe:///a'],
    ['too long', `spiffe://acme.example/${'a'.repeat(2048)}`],
    ['too long a trust domain', `spiffe://${'a'.repeat(256)}/a`],
    ['letters beyond ASCII', 'spiffe://acme.example/ä'],
    ['a look-alike', 'spiffe://аcme.example/a'],
    ['another scheme', 'https://acme.example/a'],
    ['one slash', 'spiffe:/acme.example/a'],
    ['a line end behind', 'spiffe://acme.example/a\n'],
    ['a line end within', 'spiffe://acme.example\n/a'],
    ['a space', 'spiffe://acme.example/a b'],
    ['a wildcard', 'spiffe://acme.example/*'],
    ['NUL', 'spiffe://acme.example/a\0'],
    ['nothing', ''],
  ])('S1 refused: %s', (_, text) => expect(parseSpiffeId(text)).toBeNull());

  test('S1 2048 bytes are an id, one more are none', () => {
    const id = `spiffe://acme.example/${'a'.repeat(2048 - 'spiffe://acme.example/'.length)}`;
    expect(parseSpiffeId(id)?.trustDomain).toBe('acme.example');
    expect(parseSpiffeId(`${id}a`)).toBeNull();
  });

  test('S1 three dots are a name', () => {
    expect(parseSpiffeId('spiffe://acme.example/...')?.path).toEqual(['...']);
  });
});

describe('trustDomainOf', () => {
  test('an anchor of kind spiffe is named by its trust domain', () => {
    expect(trustDomainOf({ kind: 'spiffe', name: 'spiffe/agents.acme.example' })).toBe('agents.acme.example');
  });

  test.each([
    ['oidc', 'spiffe/acme.example'],
    ['spiffe', 'oidc/acme.example'],
    ['spiffe', 'spiffe'],
    ['spiffe', 'spiffe/'],
    ['spiffe', 'spiffe/acme.example/agents'],
    ['spiffe', 'spiffe/Acme.example'],
    ['spiffe', 'spiffe/acme.example:443'],
  ])('S1 any other is of none: %s, %s', (kind, name) => expect(trustDomainOf({ kind, name })).toBeNull());
});
