import { describe, expect, test } from 'vitest';
import { ACME, loadAcme, saidAfter } from './acme.test.ts';

describe('anchors', () => {
  const GITHUB = 'anchors/github-actions.yaml';
  const SPIFFE = 'anchors/agents.yaml';
  test.each([
    [
      GITHUB,
      'issuer: https://token.actions.githubusercontent.com\n',
      '',
      'an anchor of kind github-actions needs `issuer` and `audience`',
    ],
    [
      GITHUB,
      'audience: https://writ.acme.example\n',
      '',
      'an anchor of kind github-actions needs `issuer` and `audience`',
    ],
    [
      GITHUB,
      'https://token.actions.githubusercontent.com',
      'https://u:p@token.actions.githubusercontent.com',
      'expected the exact issuer URL, without user information, query or fragment, found `https://u:p@token.actions.githubusercontent.com`',
    ],
    [
      GITHUB,
      'https://token.actions.githubusercontent.com',
      'https://token.actions.githubusercontent.com?x',
      'expected the exact issuer URL, without user information, query or fragment, found `https://token.actions.githubusercontent.com?x`',
    ],
    [
      GITHUB,
      '[RS256]',
      '[none]',
      'expected one of RS256, RS384, PS256, ES256, ES384, Ed25519, EdDSA, found `none`',
    ],
    [
      GITHUB,
      '[RS256]',
      '[HS256]',
      'expected one of RS256, RS384, PS256, ES256, ES384, Ed25519, EdDSA, found `HS256`',
    ],
    [GITHUB, 'replay: once', 'replay: never', 'expected one of once, first-key, found `never`'],
    [GITHUB, 'assurance: 2', 'assurance: 0', 'expected one of 1, 2, 3, found `0`'],
    [GITHUB, 'actor: actor_id', 'actor: actr_id', '`actor` names `actr_id`, which is not among the claims'],
    [GITHUB, 'actor: actor_id', 'actor: valueOf', '`actor` names `valueOf`, which is not among the claims'],
    [
      'anchors/registry.yaml',
      /claims:[^]*/.exec(ACME.find(({ path }) => path === 'anchors/registry.yaml')!.text)![0],
      '',
      'an anchor of kind registry needs `claims`',
    ],
    [
      SPIFFE,
      'anchor: spiffe/agents.acme.example',
      'anchor: spiffe/acme.example/agents',
      'an anchor of kind spiffe is called `spiffe/<trust domain>`',
    ],
    [
      SPIFFE,
      'issuer: https://spiffe.agents.acme.example\n',
      '',
      'an anchor of kind spiffe needs `audience`, and `jwks` (its bundle) or `issuer`',
    ],
    [
      SPIFFE,
      'audience: https://writ.acme.example\n',
      '',
      'an anchor of kind spiffe needs `audience`, and `jwks` (its bundle) or `issuer`',
    ],
    [
      SPIFFE,
      'replay: first-key',
      'replay: once',
      'one SVID is handed out repeatedly: an anchor of kind spiffe needs `replay: first-key`',
    ],
    [SPIFFE, '[ES256]', '[ES256, EdDSA]', '`EdDSA` is no algorithm of JWT-SVIDs'],
    [SPIFFE, '[ES256]', '[Ed25519]', '`Ed25519` is no algorithm of JWT-SVIDs'],
    ['anchors/tpm.yaml', 'secure_boot: {', 'secure-boot: {', '`secure-boot` is not a name'],
  ])('G10 S1.4 %s: %j → %j', (path, from, to, message) =>
    expect(saidAfter(path, from, to)).toContain(message),
  );

  test('G6 a built-in kind brings its claims, an own claim is added to them', () => {
    const { anchors } = loadAcme();
    expect(anchors.get('github-actions/acme')?.claims['repository_id']?.identifies).toBe(true);
    expect(anchors.get('oidc/workforce')?.claims['subject']).toMatchObject({
      from: 'sub',
      required: true,
      identifies: true,
    });
    expect(anchors.get('gitlab-ci/acme')).toMatchObject({
      kind: 'gitlab-ci',
      privateAddresses: false,
      jwksUri: null,
    });
  });

  test('a trust domain is believed by its bundle alone', () => {
    const bundle = 'jwks: https://spire.agents.acme.example/bundle';
    expect(saidAfter(SPIFFE, 'issuer: https://spiffe.agents.acme.example', bundle)).toEqual([]);
  });

  test('G17 private addresses are refused where nothing is said', () => {
    expect([...loadAcme().anchors.values()].every(({ privateAddresses }) => !privateAddresses)).toBe(true);
  });
});
