import { describe, expect, test } from 'vitest';
import { ACME_FLOWS, compileText } from '../artefact/acme.test.ts';

const CI = ACME_FLOWS.find(({ path }) => path.includes('ci-deploy'))!.text;
const messages = (text: string): readonly string[] =>
  compileText(text).problems.map((problem) => problem.replace(/^f\.yaml:\d+:\d+: /, ''));
const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return text.replace(from, () => to);
};

describe('what a flow may not say', () => {
  test.each([
    ['version: 7', 'version: 0', 'expected a whole number from 1 to 1000000000, found `0`'],
    ['version: 7', 'version: 7.5', 'numbers must be whole, in plain decimal, and within ±(2^53−1)'],
    [
      'flow: ci-deploy-token',
      'flow: CI-deploy',
      'expected a name such as `release-to-production`, found `CI-deploy`',
    ],
    [
      'flow: ci-deploy-token',
      'flow: " ci-deploy-token"',
      'expected a name such as `release-to-production`, found ` ci-deploy-token`',
    ],
    [
      'owner: group:platform-security',
      'owner: platform-security',
      'expected `user:…` or `group:…`, found `platform-security`',
    ],
    ['tier: 1', 'tier: 4', 'expected one of 0, 1, 2, 3, found `4`'],
    ['issues: token', 'issues: x509', '`generate` makes token, but the flow issues x509'],
    [
      'kinds: [workload]',
      'kinds: [human]',
      'expected one of workload, service-account, device, agent, integration, found `human`',
    ],
    [
      '"https://deploy.acme.example", ',
      '"https://*.acme.example", ',
      'expected an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment, found `https://*.acme.example`',
    ],
    [
      '"https://deploy.acme.example", ',
      '"*", ',
      'expected an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment, found `*`',
    ],
    [
      '"https://deploy.acme.example", ',
      '"https://deploy.acme.example?x", ',
      'expected an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment, found `https://deploy.acme.example?x`',
    ],
    [
      '"https://deploy.acme.example", ',
      '"https://u@deploy.acme.example", ',
      'expected an absolute URI such as https://deploy.acme.example, without wildcard, query or fragment, found `https://u@deploy.acme.example`',
    ],
    [
      '"deploy:write", "deploy:read"',
      '"deploy:*"',
      'expected a scope such as `deploy:read`, found `deploy:*`',
    ],
    [
      '"deploy:write", "deploy:read"',
      '"deploy read"',
      'expected a scope such as `deploy:read`, found `deploy read`',
    ],
    ['{ max: 15m, default: 10m }', '{ max: 5m, default: 10m }', '`ttl.default` is over `ttl.max`'],
    ['target: { type: string', 'ttl: { type: string', '`ttl` cannot be the name of a field'],
    [
      'one-of: [staging, production], required',
      'subset-of: [staging, production], required',
      '`subset-of` is for a set',
    ],
    [
      '{ type: string, one-of: [staging, production], required: true }',
      '{ type: set, one-of: [a], required: true }',
      '`one-of` is for a string',
    ],
    [
      '{ type: string, one-of: [staging, production], required: true }',
      '{ type: long, max-length: 3, required: true }',
      '`max-length` is for a string',
    ],
    [
      'type: { one-of: [open, closed] }',
      'type: text',
      'expected one of string, long, bool, set, duration, datetime, decimal, found `text`',
    ],
    ['type: { one-of: [open, closed] }', 'type: [string]', 'expected a type, found a list'],
    ['min-assurance: 2', 'min-assurance: 4', 'expected one of 1, 2, 3, found `4`'],
    ['  any:\n', '  all: []\n  any:\n', 'exactly one of `any` and `all` must stand here'],
    ['  any:\n', '  some:\n', 'unknown key `some`; expected min-assurance, any, all'],
    [
      'ref: { like: "refs/heads/release-*" }',
      'ref: { like: "refs/*-*" }',
      '`*-*` has more than one `*`; a segment may have one',
    ],
    [
      'ref: { like: "refs/heads/release-*" }',
      'ref: { matches: ".*" }',
      'unknown form `matches`; expected like, one-of, same-as or contains',
    ],
    [
      'ref: { like: "refs/heads/release-*" }',
      'ref: { like: a, one-of: [b] }',
      'expected a value, or one of like, one-of, same-as, contains; found a map',
    ],
    [
      'ref: { like: "refs/heads/release-*" }',
      'ref: { same-as: somewhere }',
      'expected a path such as `identity.uri`, found `somewhere`',
    ],
    ['repository_id: "551237781"', 'repository_id: 551237781', 'expected a text, found `551237781`'],
    [
      'id: release-to-staging',
      'id: release-to-production',
      'the id `release-to-production` stands here twice',
    ],
    [
      'from: group:release-managers',
      'from: everybody',
      'expected `group:…`, `owner` or `proof:…`, found `everybody`',
    ],
    ['count: 1', 'count: 0', 'expected a whole number from 1 to 100, found `0`'],
    [
      'not: [requester, actor]',
      'not: [requestor]',
      'expected one of requester, owner, actor, author, found `requestor`',
    ],
    ['expires: 2h', 'expires: never', 'expected a duration such as 90s, 10m, 1h30m or 7d, found `never`'],
    [
      'reuse: none',
      'reuse: always',
      'expected `none` or `{ until: identity.revision-changes }`, found `always`',
    ],
    [
      'token: { format: jwt',
      'jwt: { format: jwt',
      'expected exactly one of token, x509, ssh, api-key, password, database, identity, change, revalidate',
    ],
    ['alg: ES256', 'alg: none', '`alg` must be ES256; no other is built'],
    ['format: jwt', 'format: paseto', '`format` must be jwt'],
    ['subject: identity.uri', 'subject: root', 'expected a path such as `identity.uri`, found `root`'],
    ['pop: [dpop, mtls]', 'pop: [bearer]', 'expected one of dpop, mtls, tpm-key, none, found `bearer`'],
    ['human-visible: never', 'human-visible: false', 'expected one of never, allowed, found `false`'],
    ['when: issued', 'when: confirmed', '`when: confirmed` needs `by` and `within`'],
    ['when: issued', 'when: immediately', 'expected one of issued, confirmed, proven, found `immediately`'],
    [
      'recover: none',
      'recover: { after: a-while, hold: evidence }',
      'expected one of old-verified-dead, found `a-while`',
    ],
    [
      '[owner.offboarded, anchor.withdrawn]',
      '[unused-for-ever]',
      'expected one of owner.offboarded, owner.changed, subject.offboarded, anchor.withdrawn, registry.unregistered, unused-for-30d, found `unused-for-ever`',
    ],
    ['renewable: false', 'renewable: no', 'expected true or false, found `no`'],
  ])('S4.4 %s → %s', (from, to, message) => expect(messages(changed(CI, from, to))).toContain(message));

  test('all mistakes of a flow are found in one go, each at its line and column', () => {
    const broken = [
      ['tier: 1', 'tier: 9'],
      ['default: 10m', 'default: soon'],
      ['count: 1', 'count: none'],
      ['renewable: false', 'renewable: no'],
    ].reduce((text, [from, to]) => changed(text, from!, to!), CI);
    const at = (word: string): string => {
      const before = broken.slice(0, broken.indexOf(word)).split('\n');
      return `f.yaml:${before.length}:${before.at(-1)!.length + 1 + word.indexOf(' ') + 1}`;
    };
    expect(compileText(broken).problems.map((problem) => /^f\.yaml:\d+:\d+/.exec(problem)?.[0])).toEqual(
      ['tier: 9', 'default: soon', 'count: none', 'renewable: no'].map(at),
    );
  });
});
