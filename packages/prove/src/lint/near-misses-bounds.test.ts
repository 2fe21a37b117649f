import {
  approval,
  lifecycle,
  NIGHTLY,
  nearMisses,
  PEOPLE,
  policy,
  request,
  risk,
  WRITES,
} from './near-miss.test.ts';

nearMisses({
  'W003 lives': [
    ['as long as max-lifetime', [request('ttl: { max: 5m }')], []],
    ['a second longer', [request('ttl: { max: 301s }')], ['W003']],
    [
      'an hour of tier 1, as the guardrail says',
      [`tier: 1\nunattended: at night\n${request('ttl: { max: 1h }')}`, lifecycle('', '1h')],
      [],
    ],
    [
      'a second over the guardrail',
      [`tier: 1\nunattended: at night\n${request('ttl: { max: 3601s }')}`, lifecycle('', '2h')],
      ['W003'],
    ],
    [
      'over a guardrail that binds tiers 0 and 1 alone',
      [request('ttl: { max: 2h }'), lifecycle('', '2h')],
      [],
    ],
    [
      'over the guardrail, and the policy refuses what is',
      [
        `tier: 1\nunattended: at night\n${request('ttl: { max: 2h }')}`,
        lifecycle('', '2h'),
        policy(NIGHTLY, 'request.ttl > duration("1h")'),
      ],
      [],
    ],
  ],
  'W009 dead rules': [
    ['a forbid of what is permitted', [policy('true', NIGHTLY)], []],
    [
      'a forbid of what is not permitted',
      [policy(NIGHTLY, 'evidence.github.event_name == "push"')],
      ['W009'],
    ],
    ['a forbid that says what another says', [policy('true', NIGHTLY, NIGHTLY)], ['W009']],
    [
      'a forbid that repeats another on purpose',
      [policy('true', NIGHTLY, NIGHTLY).replace('id: f1,', 'id: f1, redundant: intended,')],
      [],
    ],
    [
      'a forbid that another repeats on purpose',
      [policy('true', NIGHTLY, NIGHTLY).replace('id: f0,', 'id: f0, redundant: intended,')],
      [],
    ],
    [
      'a permit within another',
      [policy('true').replace('forbid', `  - { id: more, when: '${NIGHTLY}' }\n  forbid`)],
      ['W009'],
    ],
    [
      'two permits that overlap',
      [
        policy(`${NIGHTLY} || ${WRITES}`).replace(
          'forbid',
          `  - { id: more, when: '${NIGHTLY} || evidence.github.event_name == "push"' }\n  forbid`,
        ),
      ],
      [],
    ],
    [
      'an approval within a stronger one that waits as long',
      [
        approval(
          WRITES,
          '',
          approval('true', ', count: 2').replace('approval:\n', '').replace('id: review', 'id: two'),
        ),
      ],
      ['W009'],
    ],
    [
      'an approval that does not wait as long',
      [
        approval(
          WRITES,
          '',
          approval('true', ', count: 2')
            .replace('approval:\n', '')
            .replace('id: review', 'id: two')
            .replace('1h', '2h'),
        ),
      ],
      [],
    ],
  ],
  'W013 bearer credentials': [
    [
      'ten minutes in tier 2',
      [
        request('ttl: { max: 10m }'),
        lifecycle('', '10m'),
        'bind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }',
      ],
      [],
    ],
    [
      'a second longer',
      [
        request('ttl: { max: 601s }'),
        lifecycle('', '601s'),
        'bind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }',
      ],
      ['W013'],
    ],
    [
      'longer, and the policy refuses what is',
      [
        request('ttl: { max: 11m }'),
        lifecycle('', '11m'),
        'bind: { pop: [dpop, none] }\ndeliver: { to: [vault/x] }',
        policy(NIGHTLY, 'request.ttl > duration("10m")'),
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
  'W020 rotation': [
    ['the old one ends before the next rotation', [lifecycle('rotate-every: 3m, overlap: 2m, ')], []],
    ['the old one ends with the next rotation', [lifecycle('rotate-every: 3m, overlap: 3m, ')], ['W020']],
    ['at the end of its life', [lifecycle('rotate-every: 5m, overlap: 1m, ')], []],
    ['after it', [lifecycle('rotate-every: 6m, overlap: 1m, ')], ['W020']],
  ],
  'W021 reviews': [
    ['thirty days', [lifecycle('', '30d')], []],
    ['a second more', [lifecycle('', '2592001s')], ['W021']],
    ['as often as its tier asks', [lifecycle('review-every: 180d, ', '365d')], []],
    ['less often', [lifecycle('review-every: 181d, ', '365d')], ['W021']],
  ],
  'W034 gaps': [
    ['a threshold', [risk('facts.risk.score >= 30'), policy(NIGHTLY, 'facts.risk.score >= 70')], []],
    [
      'a range that ends where refusing begins',
      [risk('facts.risk.score >= 30 && facts.risk.score < 70'), policy(NIGHTLY, 'facts.risk.score >= 70')],
      [],
    ],
    [
      'a range that ends one before',
      [risk('facts.risk.score >= 30 && facts.risk.score < 69'), policy(NIGHTLY, 'facts.risk.score >= 70')],
      ['W034'],
    ],
    ['a number that is a name', [risk('facts.risk.score == 30')], []],
    ['outside office hours', [risk('facts.risk.score < 8 || facts.risk.score >= 18')], []],
  ],
  'W036 bindings': [
    ['one that is enforced among those that are not', ['bind: { pop: [mtls, dpop] }'], []],
    ['none that is enforced', ['bind: { pop: [mtls, tpm-key] }'], ['W036']],
  ],
});
