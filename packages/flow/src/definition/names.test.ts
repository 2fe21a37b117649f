import { describe, expect, test } from 'vitest';
import { parseYaml } from '../document/parse-yaml.ts';
import type { Shape } from '../document/shape.ts';
import { factPath, group, name, owner, pathName, person, resource, scope } from './names.ts';

const accepts = (shape: Shape<string>, text: string): boolean => {
  const { root } = parseYaml('f', JSON.stringify(text));
  return root !== null && shape(root, () => {}) === text;
};

const TABLE: readonly (readonly [string, Shape<string>, readonly string[], readonly string[]])[] = [
  [
    'a name',
    name,
    ['a', 'release-to-production', 'data_sets', 'v2', 'a1-b2_c3'],
    [
      '',
      'A',
      'Release',
      ' a',
      'a ',
      'a\n',
      '-a',
      'a-',
      'a--b',
      'a-_b',
      '1a',
      'a.b',
      'a/b',
      'a:b',
      'ä',
      'а',
      '_a',
      'a b',
      '*',
    ],
  ],
  [
    'kind/name',
    pathName,
    ['caller', 'github-actions/acme', 'spiffe/agents.acme.example', 'tpm/ek-roots-2026', 'a/b/c/d', 'a/1'],
    [
      '',
      '/',
      'a/',
      '/a',
      'a//b',
      'A/b',
      'a/B',
      'a/../b',
      'a/.',
      'a/.b',
      'a/b.',
      'a/b/c/d/e',
      'a b',
      'a/*',
      'a/b\n',
      'a\\b',
      'a%2fb',
    ],
  ],
  [
    'an owner',
    owner,
    ['user:ana', 'group:platform-security', 'user:a.b_c'],
    [
      '',
      'ana',
      'user:',
      'User:ana',
      'user:Ana',
      'user: ana',
      'user:ana ',
      'group:*',
      'role:admin',
      'user:ana,user:rui',
      'user::ana',
    ],
  ],
  ['a group', group, ['group:a'], ['user:a', 'group:', 'GROUP:a', 'group:a b']],
  ['a person', person, ['user:a'], ['group:a', 'user:', 'USER:a', 'user:a\n']],
  [
    'a resource',
    resource,
    [
      'https://a.example',
      'https://a.example/',
      'https://a.example/mcp/crm',
      'http://localhost:8420/x',
      'https://a.example:8443/~b_c-d.e',
    ],
    [
      '',
      '*',
      'https://*',
      'https://*.a.example',
      'https://a.example/*',
      'a.example',
      '//a.example',
      'ftp://a.example',
      'HTTPS://a.example',
      'https://A.example',
      'https://a.example?b',
      'https://a.example#b',
      'https://u@a.example',
      'https://a.example/%2e',
      'https://a.example/ b',
      'https://a.example\n',
      'https://',
      'https:///a',
      'https://a.example:',
      'https://a.example:999999',
      'https://ä.example',
      'javascript:alert(1)',
    ],
  ],
  [
    'a scope',
    scope,
    ['deploy:read', 'crm:read', 'a', 'https://a.example/x', "it's", 'a'.repeat(128)],
    ['', 'a b', 'a"b', 'a\\b', 'deploy:*', '*', 'a\n', 'a\tb', 'ä', 'a'.repeat(129)],
  ],
  [
    'a path into facts',
    factPath,
    ['identity.uri', 'evidence.github.ref', 'request.data_sets', 'facts.risk.score', 'request.data-sets'],
    [
      '',
      'identity',
      'identity.',
      '.uri',
      'identity..uri',
      'identity.Uri',
      'context.request.a',
      'principal.a',
      'identity.uri ',
      'identity.uri\n',
      'identity["uri"]',
      'identity.1',
      'xidentity.a',
    ],
  ],
];

describe.each(TABLE)('%s', (_, shape, good, bad) => {
  test.each(good)('%j is one', (text) => expect(accepts(shape, text)).toBe(true));
  test.each(bad)('F5 F7 %j is none', (text) => expect(accepts(shape, text)).toBe(false));
});
