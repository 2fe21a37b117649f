import { approval, github, NIGHTLY, nearMisses, PEOPLE, policy, request, WRITES } from './near-miss.test.ts';

nearMisses({
  'W001 approvals of tier 0 and 1': [
    ['tier 2 needs none', ['tier: 2'], []],
    ['every request is approved', ['tier: 1', approval('true')], []],
    ['only writing is approved', ['tier: 1', approval(WRITES)], ['W001']],
    [
      'reading is approved, or writing',
      ['tier: 1', approval(`${WRITES} || request.scopes.contains("artifacts:read")`)],
      [],
    ],
    ['unattended, and it says why', ['tier: 0\nunattended: it runs at night'], []],
    [
      'unattended on what is only asserted',
      [
        'tier: 2\nunattended: it runs at night',
        github('repository_id: "1", environment: production').replace('2', '1'),
      ],
      [],
    ],
    [
      'an approval that nothing reaches',
      ['tier: 1', approval('evidence.github.event_name == "push"')],
      ['W001', 'W010'],
    ],
  ],
  'W005 self-approval': [
    ['the requester is excluded unless something else is said', [approval(WRITES)], []],
    ['nobody is', [approval(WRITES, ', not: none')], ['W005']],
    ['the owner is, and not whoever started the run', [approval(WRITES, ', not: [owner]')], ['W005']],
    ['whoever started the run is, and not the owner', [approval(WRITES, ', not: [actor]')], ['W005']],
    ['both are', [approval(WRITES, ', not: [owner, actor]')], []],
    ['two of whom one asked', [approval(WRITES, ', count: 2, not: none')], ['W005']],
    [
      'of people, the owner of the identity is not who asks',
      [PEOPLE, approval(WRITES, ', not: [owner]')],
      ['W005'],
    ],
    ['of people, who asks is excluded', [PEOPLE, approval(WRITES, ', not: [requester]')], []],
    [
      "a step-up is nobody else's approval",
      [PEOPLE, approval(WRITES, ', not: none').replace('group:security-reviewers', 'proof:person')],
      [],
    ],
  ],
  'W010 what is reached': [
    ['an approval of what is permitted', [approval(NIGHTLY)], []],
    ['an approval of what is not', [approval('evidence.github.event_name == "push"')], ['W010']],
    ['no permit', ['policy: { permit: [], forbid: [] }'], ['W010']],
    ['a permit that all is forbidden of', [policy(NIGHTLY, NIGHTLY)], ['W010']],
    [
      'a proof that is too weak',
      [github('repository_id: "1", environment: production').replace('assurance: 2', 'assurance: 3')],
      ['W010'],
    ],
    [
      'an approval that only whoever asks could give',
      [approval('true').replace('group:security-reviewers', 'owner')],
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
      [request('ttl: { max: 5m }').replace('artifacts.', 'billing.'), 'bind: { pop: [none] }'],
      ['W012'],
    ],
  ],
  'W016 how many there are': [
    ['all three of the group', [approval(WRITES, ', count: 3')], []],
    ['one more', [approval(WRITES, ', count: 4')], ['W016']],
    [
      'both of a group one of whom asks',
      [PEOPLE, approval(WRITES, ', count: 2').replace('security-reviewers', 'integration-developers')],
      ['W016'],
    ],
    [
      'one of a group one of whom asks',
      [PEOPLE, approval(WRITES).replace('security-reviewers', 'integration-developers')],
      [],
    ],
  ],
  'W025 people': [
    [
      'a person beside a workload',
      [
        github('repository_id: "1", environment: production')
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
        github('repository_id: "1", environment: production').concat(
          '\n    - { id: person, as: actor, anchor: oidc/workforce, max-age: 12h, match: { subject: x } }',
        ),
        policy('true'),
      ],
      ['W025'],
    ],
    ['a person where people ask', [PEOPLE], []],
  ],
});
