import { describe, expect, test } from 'vitest';
import { ACME, saidAfter } from './acme.test.ts';

describe('rights', () => {
  const RIGHTS = 'rights/deploy.yaml';
  test.each([
    'owner',
    'authority',
    'audience',
    'scopes',
    'max-ttl',
    'expires',
    'revocation',
    'identity',
    'flow',
  ])('S4.4 a right without `%s` is none', (key) => {
    const line = new RegExp(`    ${key}: .*\\n`).exec(ACME.find(({ path }) => path === RIGHTS)!.text)![0];
    expect(saidAfter(RIGHTS, line, '')).toContain(`\`${key}\` is missing`);
  });

  test.each([
    [
      'audience: https://deploy.acme.example',
      'audience: "*"',
      'expected an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment, found `*`',
    ],
    [
      'audience: https://deploy.acme.example',
      'audience: [https://deploy.acme.example]',
      'expected an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment, found a list',
    ],
    ['revocation: introspection', 'revocation: none', 'expected one of introspection, found `none`'],
    [
      'expires: 2030-01-01T00:00:00Z',
      'expires: never',
      'expected a time such as 2027-06-30T00:00:00Z, found `never`',
    ],
    ['live: 200', 'live: 0', 'expected a whole number from 1 to 1000000000, found `0`'],
    [
      'audience: https://artifacts.acme.example',
      'audience: https://deploy.acme.example',
      'two rights for identity svc-payments, audience https://deploy.acme.example and flow ci-deploy-token',
    ],
  ])('S4.1 S4.11 %s → %s', (from, to, message) => expect(saidAfter(RIGHTS, from, to)).toContain(message));
});
