import { describe, expect, test } from 'vitest';
import { lintParts } from './examples.test.ts';
import type { Finding } from './finding.ts';

/** One edit of the flow the examples are parts of, and the rules that find it: none where it is only nearly bad. */
type Case = readonly [edit: string, parts: readonly string[], found: readonly string[]];

const GITHUB = (match: string): string => `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: github-actions/acme, max-age: 5m, match: { ${match} } }`;

const GITLAB = (match: string): string => `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: gitlab-ci/acme, max-age: 5m, match: { ${match} } }
policy: { permit: [{ id: nightly, when: 'evidence.github.pipeline_source == "schedule"' }], forbid: [] }`;

const REQUEST = (more: string): string => `request:
  by: { kinds: [workload] }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ${more}`;

const POLICY = (permit: string, ...forbid: readonly string[]): string => `policy:
  permit:
    - { id: nightly, when: '${permit}' }
  forbid: [${forbid.map((when, i) => `{ id: f${i}, because: a test, when: '${when}' }`).join(', ')}]`;

const APPROVAL = (when: string, require = '', more = ''): string => `approval:
  - id: review
    when: '${when}'
    require: { from: group:security-reviewers${require} }
    expires: 1h
    reuse: none
${more}`;

const WRITES = 'request.scopes.contains("artifacts:write")';
const NIGHTLY = 'evidence.github.event_name == "schedule"';

/** Asked for by people, and kept out of their sight. */
const PEOPLE = `request:
  by: { from: group:integration-developers }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ttl: { max: 5m }
proof:
  min-assurance: 2
  all: [{ id: person, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }]
policy: { permit: [{ id: all, when: 'true' }], forbid: [] }
deliver: { to: [vault/reports] }`;

const LIFECYCLE = (more: string, most = '5m'): string =>
  `lifecycle: { renewable: false, max-lifetime: ${most}, ${more}recover: none, revoke-on: [owner.offboarded] }`;

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'W001 approvals of tier 0 and 1': [
    ['tier 2 needs none', ['tier: 2'], []],
    ['every request is approved', ['tier: 1', APPROVAL('true')], []],
    ['only writing is approved', ['tier: 1', APPROVAL(WRITES)], ['W001']],
    [
      'reading is approved, or writing',
      ['tier: 1', APPROVAL(`${WRITES} || request.scopes.contains("artifacts:read")`)],
      [],
    ],
    ['unattended, and it says why', ['tier: 0\nunattended: it runs at night'], []],
    [
      'unattended on what is only asserted',
      [
        'tier: 2\nunattended: it runs at night',
        GITHUB('repository_id: "1", environment: production').replace('2', '1'),
      ],
      [],
    ],
    [
      'an approval that nothing reaches',
      ['tier: 1', APPROVAL('evidence.github.event_name == "push"')],
      ['W001', 'W010'],
    ],
  ],
  'W003 lives': [
    ['as long as max-lifetime', [REQUEST('ttl: { max: 5m }')], []],
    ['a second longer', [REQUEST('ttl: { max: 301s }')], ['W003']],
    [
      'an hour of tier 1, as the guardrail says',
      [`tier: 1\nunattended: at night\n${REQUEST('ttl: { max: 1h }')}`, LIFECYCLE('', '1h')],
      [],
    ],
    [
      'a second over the guardrail',
      [`tier: 1\nunattended: at night\n${REQUEST('ttl: { max: 3601s }')}`, LIFECYCLE('', '2h')],
      ['W003'],
    ],
    [
      'over a guardrail that binds tiers 0 and 1 alone',
      [REQUEST('ttl: { max: 2h }'), LIFECYCLE('', '2h')],
      [],
    ],
    [
      'over the guardrail, and the policy refuses what is',
      [
        `tier: 1\nunattended: at night\n${REQUEST('ttl: { max: 2h }')}`,
        LIFECYCLE('', '2h'),
        POLICY(NIGHTLY, 'request.ttl > duration("1h")'),
      ],
      [],
    ],
  ],
  'W005 self-approval': [
    ['the requester is excluded unless something else is said', [APPROVAL(WRITES)], []],
    ['nobody is', [APPROVAL(WRITES, ', not: none')], ['W005']],
    ['the owner is, and not whoever started the run', [APPROVAL(WRITES, ', not: [owner]')], ['W005']],
    ['whoever started the run is, and not the owner', [APPROVAL(WRITES, ', not: [actor]')], ['W005']],
    ['both are', [APPROVAL(WRITES, ', not: [owner, actor]')], []],
    ['two of whom one asked', [APPROVAL(WRITES, ', count: 2, not: none')], ['W005']],
    [
      'of people, the owner of the identity is not who asks',
      [PEOPLE, APPROVAL(WRITES, ', not: [owner]')],
      ['W005'],
    ],
    ['of people, who asks is excluded', [PEOPLE, APPROVAL(WRITES, ', not: [requester]')], []],
    [
      "a step-up is nobody else's approval",
      [PEOPLE, APPROVAL(WRITES, ', not: none').replace('group:security-reviewers', 'proof:person')],
      [],
    ],
  ],
  'W006 pinning': [
    ['an environment', [GITHUB('repository_id: "1", environment: production')], []],
    ['an environment by its beginning', [GITHUB('repository_id: "1", environment: { like: "prod-*" }')], []],
    ['any environment', [GITHUB('repository_id: "1", environment: { like: "*" }')], ['W006']],
    ['a branch', [GITHUB('repository_id: "1", ref: refs/heads/main')], []],
    [
      'branches by their beginning',
      [GITHUB('repository_id: "1", ref: { like: "refs/heads/release-*" }')],
      [],
    ],
    ['any branch', [GITHUB('repository_id: "1", ref: { like: "refs/heads/*" }')], ['W006']],
    ['any branch below a folder', [GITHUB('repository_id: "1", ref: { like: "refs/heads/release/*" }')], []],
    ['any tag', [GITHUB('repository_id: "1", ref: { like: "refs/tags/*" }')], ['W006']],
    ['any pull request', [GITHUB('repository_id: "1", ref: { like: "refs/pull/*/merge" }')], ['W006']],
    [
      'a workflow of one branch',
      [GITHUB('repository_id: "1", workflow_ref: "a/b/.github/workflows/c.yml@refs/heads/main"')],
      [],
    ],
    [
      'a workflow of any branch',
      [GITHUB('repository_id: "1", workflow_ref: { like: "a/b/.github/workflows/c.yml@refs/heads/*" }')],
      ['W006'],
    ],
    [
      'any workflow of one branch',
      [GITHUB('repository_id: "1", workflow_ref: { like: "a/b/.github/workflows/*@refs/heads/main" }')],
      [],
    ],
    ['nothing but the environment', [GITHUB('environment: production')], ['W006']],
    ['one organisation', [GITHUB('repository_owner_id: "7", environment: production')], ['W006']],
    [
      '`sub`, which the repository can configure',
      [GITHUB('sub: "repo:acme/reports:environment:production"')],
      ['W006'],
    ],
    ['two repositories', [GITHUB('repository_id: { one-of: ["1", "2"] }, environment: production')], []],
    ['an id that begins so', [GITHUB('repository_id: { like: "55-*" }, environment: production')], ['W006']],
    [
      'what the policy pins',
      [GITHUB('environment: production'), POLICY(`evidence.github.repository_id == "1" && ${NIGHTLY}`)],
      [],
    ],
    [
      'what the policy does not pin',
      [GITHUB('environment: production'), POLICY(`evidence.github.repository_id != "1" && ${NIGHTLY}`)],
      ['W006'],
    ],
    ['a project of GitLab and its branch', [GITLAB('project_id: "20", ref: main')], []],
    ['any branch of a project of GitLab', [GITLAB('project_id: "20", ref_protected: "true"')], ['W006']],
    ['any project of GitLab', [GITLAB('ref: main')], ['W006']],
  ],
  'W007 names': [
    ['an id alone', [GITHUB('repository_id: "1", environment: production')], []],
    ['a name alone', [GITHUB('repository: acme/reports, environment: production')], ['W007']],
    [
      'a name in the policy',
      [GITHUB('environment: production'), POLICY(`evidence.github.repository == "a/b" && ${NIGHTLY}`)],
      ['W007'],
    ],
    [
      'a name and its id, one in the policy',
      [
        GITHUB('repository: a/b, environment: production'),
        POLICY(`evidence.github.repository_id == "1" && ${NIGHTLY}`),
      ],
      [],
    ],
    [
      'an owner by name beside a repository by id',
      [GITHUB('repository_id: "1", repository_owner: acme, environment: production')],
      [],
    ],
    ['a project by its path', [GITLAB('project_path: acme/reports, ref: main')], ['W007']],
  ],
  'W008 wildcards': [
    ['after a separator', [GITHUB('repository_id: "1", ref: { like: "refs/heads/release-*" }')], []],
    ['after a letter', [GITHUB('repository_id: "1", ref: { like: "refs/heads/rel*" }')], ['W008']],
    ['before a letter', [GITHUB('repository_id: "1", ref: { like: "refs/heads/*main" }')], ['W008']],
    [
      'a segment by itself',
      [GITHUB('repository_id: "1", environment: production, ref: { like: "refs/heads/*" }')],
      [],
    ],
    ['a `like` over a ref', [POLICY(`${NIGHTLY} && evidence.github.ref like "refs/heads/*"`)], ['W008']],
    [
      'a `like` over what has no segments',
      [POLICY(`${NIGHTLY} && evidence.github.event_name like "sched*"`)],
      [],
    ],
    ['a `like` without a wildcard', [POLICY(`${NIGHTLY} && evidence.github.ref like "refs/heads/main"`)], []],
    [
      'a `like` that says it crosses',
      [
        POLICY(`${NIGHTLY} && evidence.github.ref like "refs/heads/*"`).replace(
          'when',
          'crosses-segments: true, when',
        ),
      ],
      [],
    ],
    ['in an approval', [APPROVAL('identity.uri like "spiffe://acme.example/*"')], ['W008']],
  ],
  'W009 dead rules': [
    ['a forbid of what is permitted', [POLICY('true', NIGHTLY)], []],
    [
      'a forbid of what is not permitted',
      [POLICY(NIGHTLY, 'evidence.github.event_name == "push"')],
      ['W009'],
    ],
    ['a forbid that says what another says', [POLICY('true', NIGHTLY, NIGHTLY)], ['W009']],
    [
      'a forbid that repeats another on purpose',
      [POLICY('true', NIGHTLY, NIGHTLY).replace('id: f1,', 'id: f1, redundant: intended,')],
      [],
    ],
    [
      'a forbid that another repeats on purpose',
      [POLICY('true', NIGHTLY, NIGHTLY).replace('id: f0,', 'id: f0, redundant: intended,')],
      [],
    ],
    [
      'a permit within another',
      [POLICY('true').replace('forbid', `  - { id: more, when: '${NIGHTLY}' }\n  forbid`)],
      ['W009'],
    ],
    [
      'two permits that overlap',
      [
        POLICY(`${NIGHTLY} || ${WRITES}`).replace(
          'forbid',
          `  - { id: more, when: '${NIGHTLY} || evidence.github.event_name == "push"' }\n  forbid`,
        ),
      ],
      [],
    ],
    [
      'an approval within a stronger one that waits as long',
      [
        APPROVAL(
          WRITES,
          '',
          APPROVAL('true', ', count: 2').replace('approval:\n', '').replace('id: review', 'id: two'),
        ),
      ],
      ['W009'],
    ],
    [
      'an approval that does not wait as long',
      [
        APPROVAL(
          WRITES,
          '',
          APPROVAL('true', ', count: 2')
            .replace('approval:\n', '')
            .replace('id: review', 'id: two')
            .replace('1h', '2h'),
        ),
      ],
      [],
    ],
  ],
  'W010 what is reached': [
    ['an approval of what is permitted', [APPROVAL(NIGHTLY)], []],
    ['an approval of what is not', [APPROVAL('evidence.github.event_name == "push"')], ['W010']],
    ['no permit', ['policy: { permit: [], forbid: [] }'], ['W010']],
    ['a permit that all is forbidden of', [POLICY(NIGHTLY, NIGHTLY)], ['W010']],
    [
      'a proof that is too weak',
      [GITHUB('repository_id: "1", environment: production').replace('assurance: 2', 'assurance: 3')],
      ['W010'],
    ],
    [
      'an approval that only whoever asks could give',
      [APPROVAL('true').replace('group:security-reviewers', 'owner')],
      ['W010', 'W016'],
    ],
    [
      'a confirmation that only whoever asks could give',
      ['activate: { when: confirmed, by: owner, within: 1h }'],
      ['W010'],
    ],
  ],
  'W011 activation': [
    [
      'confirmed by the owner, who did not ask',
      [PEOPLE, 'activate: { when: confirmed, by: owner, within: 1d }'],
      [],
    ],
    [
      'confirmed by whoever asked',
      [PEOPLE, 'activate: { when: confirmed, by: owner, not: none, within: 1d }'],
      ['W011'],
    ],
    [
      'confirmed by somebody else',
      [
        PEOPLE,
        'issues: password\ngenerate: { password: {} }\nactivate: { when: confirmed, by: robot, within: 1d }',
      ],
      ['W011'],
    ],
    ['a token is issued when it is made', [PEOPLE, 'activate: { when: issued }'], []],
    [
      'a password is not',
      [PEOPLE, 'issues: password\ngenerate: { password: {} }\nactivate: { when: issued }'],
      ['W011'],
    ],
  ],
  'W012 delivery': [
    ['to a store, for people', [PEOPLE], []],
    ['to people', [PEOPLE, 'deliver: { to: [vault/reports, caller] }'], ['W012']],
    ['to people, and it says so', [PEOPLE, 'deliver: { to: [caller], human-visible: allowed }'], []],
    [
      'to a workload without a key',
      [REQUEST('ttl: { max: 5m }').replace('artifacts.', 'billing.'), 'bind: { pop: [none] }'],
      ['W012'],
    ],
  ],
  'W013 bearer credentials': [
    [
      'ten minutes in tier 2',
      [
        REQUEST('ttl: { max: 10m }'),
        LIFECYCLE('', '10m'),
        'bind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }',
      ],
      [],
    ],
    [
      'a second longer',
      [
        REQUEST('ttl: { max: 601s }'),
        LIFECYCLE('', '601s'),
        'bind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }',
      ],
      ['W013'],
    ],
    [
      'longer, and the policy refuses what is',
      [
        REQUEST('ttl: { max: 11m }'),
        LIFECYCLE('', '11m'),
        'bind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }',
        POLICY(NIGHTLY, 'request.ttl > duration("10m")'),
      ],
      [],
    ],
    [
      'in tier 1, and a guardrail refuses it',
      ['tier: 1\nunattended: at night\nbind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }'],
      [],
    ],
    [
      'a key of tier 1 without a source',
      [
        PEOPLE,
        'tier: 1\nunattended: a test\nissues: password\ngenerate: { password: {} }\nbind: { pop: [none] }\nactivate: { when: confirmed, by: owner, within: 1d }',
      ],
      ['W013'],
    ],
    [
      'a key of tier 1 with a source',
      [
        PEOPLE,
        'tier: 1\nunattended: a test\nissues: password\ngenerate: { password: {} }\nbind: { pop: [none], source: { cidr: identity.egress } }\nactivate: { when: confirmed, by: owner, within: 1d }',
      ],
      [],
    ],
  ],
  'W016 how many there are': [
    ['all three of the group', [APPROVAL(WRITES, ', count: 3')], []],
    ['one more', [APPROVAL(WRITES, ', count: 4')], ['W016']],
    [
      'both of a group one of whom asks',
      [PEOPLE, APPROVAL(WRITES, ', count: 2').replace('security-reviewers', 'integration-developers')],
      ['W016'],
    ],
    [
      'one of a group one of whom asks',
      [PEOPLE, APPROVAL(WRITES).replace('security-reviewers', 'integration-developers')],
      [],
    ],
  ],
  'W020 rotation': [
    ['the old one ends before the next rotation', [LIFECYCLE('rotate-every: 3m, overlap: 2m, ')], []],
    ['the old one ends with the next rotation', [LIFECYCLE('rotate-every: 3m, overlap: 3m, ')], ['W020']],
    ['at the end of its life', [LIFECYCLE('rotate-every: 5m, overlap: 1m, ')], []],
    ['after it', [LIFECYCLE('rotate-every: 6m, overlap: 1m, ')], ['W020']],
  ],
  'W021 reviews': [
    ['thirty days', [LIFECYCLE('', '30d')], []],
    ['a second more', [LIFECYCLE('', '2592001s')], ['W021']],
    ['as often as its tier asks', [LIFECYCLE('review-every: 180d, ', '365d')], []],
    ['less often', [LIFECYCLE('review-every: 181d, ', '365d')], ['W021']],
  ],
  'W023 absence': [
    [
      'the protected alone',
      [POLICY(NIGHTLY, '!(evidence.github has ref_protected && evidence.github.ref_protected == "true")')],
      [],
    ],
    [
      'all but the unprotected',
      [POLICY(NIGHTLY, 'evidence.github has ref_protected && evidence.github.ref_protected == "false"')],
      ['W023'],
    ],
    ['whatever there is', [POLICY(NIGHTLY, 'evidence.github has head_ref')], []],
    [
      'absent, or the right one',
      [
        POLICY(
          `${NIGHTLY} && (if evidence.github has actor_id then evidence.github.actor_id == "1" else true)`,
        ),
      ],
      ['W023'],
    ],
    [
      'there, and the right one',
      [POLICY(`${NIGHTLY} && evidence.github has actor_id && evidence.github.actor_id == "1"`)],
      [],
    ],
    [
      'an approval for the unprotected',
      [APPROVAL('evidence.github has ref_type && evidence.github.ref_type != "branch"')],
      ['W023'],
    ],
    [
      'an approval unless it is protected',
      [APPROVAL('!(evidence.github has ref_type && evidence.github.ref_type == "branch")')],
      [],
    ],
    [
      'a field that whoever asks may leave out',
      [
        `${REQUEST('ttl: { max: 5m }')}\n  fields: { to: { type: string, required: false } }`,
        POLICY(NIGHTLY, 'request has to && request.to == "us"'),
      ],
      [],
    ],
    [
      'an attribute of some kinds of identity',
      [
        REQUEST('ttl: { max: 5m }').replace('[workload]', '[workload, device]'),
        POLICY(NIGHTLY, 'identity has trust_anchor && identity.trust_anchor != "ca/eu"'),
      ],
      ['W023'],
    ],
  ],
  'W025 people': [
    [
      'a person beside a workload',
      [
        GITHUB('repository_id: "1", environment: production')
          .replace('any:', 'all:')
          .concat(
            '\n    - { id: person, as: actor, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }',
          ),
      ],
      [],
    ],
    [
      'a person in place of a workload',
      [
        GITHUB('repository_id: "1", environment: production').concat(
          '\n    - { id: person, as: actor, anchor: oidc/workforce, max-age: 12h, match: { subject: x } }',
        ),
        POLICY('true'),
      ],
      ['W025'],
    ],
    ['a person where people ask', [PEOPLE], []],
  ],
  'W034 gaps': [
    ['a threshold', [RISK('facts.risk.score >= 30'), POLICY(NIGHTLY, 'facts.risk.score >= 70')], []],
    [
      'a range that ends where refusing begins',
      [RISK('facts.risk.score >= 30 && facts.risk.score < 70'), POLICY(NIGHTLY, 'facts.risk.score >= 70')],
      [],
    ],
    [
      'a range that ends one before',
      [RISK('facts.risk.score >= 30 && facts.risk.score < 69'), POLICY(NIGHTLY, 'facts.risk.score >= 70')],
      ['W034'],
    ],
    ['a number that is a name', [RISK('facts.risk.score == 30')], []],
    ['outside office hours', [RISK('facts.risk.score < 8 || facts.risk.score >= 18')], []],
  ],
  'W035 lapses': [
    ['not open', [APPROVAL('facts.change_window != "open"')], []],
    ['closed', [APPROVAL('facts.change_window == "closed"')], ['W035']],
    [
      'closed, and open is named in passing',
      [
        APPROVAL(
          'facts.change_window == "closed" || (facts.change_window == "open" && identity.purpose == "x")',
        ),
      ],
      [],
    ],
    ['a claim', [APPROVAL('evidence.github.runner_environment == "github-hosted"')], ['W035']],
    [
      'a claim by the value that needs nobody',
      [APPROVAL('evidence.github.runner_environment != "self-hosted"')],
      [],
    ],
    [
      'a field of the request is closed',
      [
        `${REQUEST('ttl: { max: 5m }')}\n  fields: { to: { type: string, one-of: [test, production], required: true } }`,
        APPROVAL('request.to == "production"'),
      ],
      [],
    ],
    [
      'a claim that is pinned',
      [
        GITHUB('repository_id: "1", environment: production, runner_environment: self-hosted'),
        APPROVAL('evidence.github.runner_environment != "self-hosted" || true'),
      ],
      [],
    ],
  ],
  'W036 bindings': [
    ['one that is enforced among those that are not', ['bind: { pop: [mtls, dpop] }'], []],
    ['none that is enforced', ['bind: { pop: [mtls, tpm-key] }'], ['W036']],
  ],
};

function RISK(when: string): string {
  return `facts: { risk: { source: risk/agents, type: { score: long }, max-age: 60s } }\n${APPROVAL(when)}`;
}

/** What an example shows is what the real decision said of it. */
function expectShown({ id, example }: Finding): void {
  if (example === null) return;
  expect(example.decides.replayed).toBe('decide');
  expect(example.decides.outcome).toBe(id === 'W003' ? 'refused' : 'issue');
}

describe.each(Object.entries(CASES))('%s', (_, cases) => {
  test.each(cases)('%s', (_edit, parts, expected) => {
    const found = lintParts(...parts);
    expect(found.map(({ id }) => id)).toEqual(expected);
    found.forEach(expectShown);
  });
});
