import { describe, expect, test } from 'vitest';
import { acmeWith, saidAfter, sha256 } from './acme.test.ts';
import { loadSet } from './load-set.ts';

describe('groups and people', () => {
  test.each([
    ['groups.yaml', ', members: [user:ana, user:mei] }', ' }', 'exactly one of `members` and `claim`'],
    [
      'groups.yaml',
      'members: [user:ana, user:mei] }',
      'members: [user:ana], claim: { anchor: oidc/workforce, name: groups, value: x, max-age: 1h } }',
      'exactly one of `members` and `claim`',
    ],
    ['groups.yaml', '[user:ana, user:mei]', '[user:ana, user:ana]', '`user:ana` stands here twice'],
    [
      'groups.yaml',
      '[user:ana, user:mei]',
      '[group:device-trust]',
      'expected `user:…`, found `group:device-trust`',
    ],
    [
      'groups.yaml',
      'id: group:platform-security',
      'id: group:Platform-Security',
      'expected `group:…`, found `group:Platform-Security`',
    ],
    [
      'people.yaml',
      '#rui-01ab',
      '#ana-7f3c',
      'the subject https://login.acme.example#ana-7f3c belongs to user:ana and to user:rui',
    ],
    [
      'people.yaml',
      'https://login.acme.example#mei-9d20',
      'mei@acme.example',
      'expected a subject such as https://login.acme.example#7f3c, found `mei@acme.example`',
    ],
  ])('F1 F5 one person, one set of subjects: %s, %s → %s', (path, from, to, message) =>
    expect(saidAfter(path, from, to)).toContain(message),
  );

  test('a group may be a claim of the identity provider, with an age', () => {
    const files = acmeWith(
      'groups.yaml',
      'members: [user:tom, user:ida] }',
      'claim: { anchor: oidc/workforce, name: groups, value: trust, max-age: 1h } }',
    );
    expect(loadSet(files, sha256).set?.groups.get('group:device-trust')).toEqual({
      id: 'group:device-trust',
      members: [],
      claim: { anchor: 'oidc/workforce', name: 'groups', value: 'trust', maxAge: 3_600 },
    });
  });
});
