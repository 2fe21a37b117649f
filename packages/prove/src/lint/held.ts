import type { Parts } from './lint-rule.ts';

/** A rule of the table that loading a set holds already: what it is against does not load, or cannot be said. */
export interface HeldRule {
  readonly id: string;
  readonly title: string;
  readonly how: string;
  readonly bad: Parts;
  /** what the loader says */
  readonly message: string;
}

const APPROVAL = `approval:
  - id: review
    when: 'request.scopes.contains("artifacts:write")'
    require: { from: group:security-reviewers }`;

export const HELD_BY_LOADING: readonly HeldRule[] = [
  {
    id: 'W002',
    title: 'no end: `ttl.max` or `max-lifetime` is missing',
    how: 'both are required keys',
    bad: ['lifecycle: { renewable: false, recover: none, revoke-on: [owner.offboarded] }'],
    message: '`max-lifetime` is missing',
  },
  {
    id: 'W017',
    title: 'an approval that never lapses',
    how: '`expires` is a required key, and `reuse` is `none` or ends with the revision of the identity. How long is too long is said nowhere yet',
    bad: [`${APPROVAL}\n    reuse: none`],
    message: '`expires` is missing',
  },
  {
    id: 'W018',
    title: 'a standing approval that is tied to no revision',
    how: '`reuse: { until: identity.revision-changes }` is the only one there is, and it counts within the envelope that was approved',
    bad: [`${APPROVAL}\n    expires: 1h\n    reuse: { until: forever }`],
    message: 'expected one of identity.revision-changes, found `forever`',
  },
  {
    id: 'W022',
    title: 'a fact without a source or a greatest age',
    how: 'a condition reads only facts that the flow declares, with `source` and `max-age`; an older one refuses',
    bad: ['facts: { risk: { source: risk/agents, type: { score: long } } }'],
    message: '`max-age` is missing',
  },
  {
    id: 'W029',
    title: 'a recovery while the old one lives',
    how: '`recover` is `none`, or `after: old-verified-dead`',
    bad: [
      'lifecycle: { renewable: false, max-lifetime: 5m, recover: { after: at-once, hold: evidence }, revoke-on: [owner.offboarded] }',
    ],
    message: 'expected one of old-verified-dead, found `at-once`',
  },
  {
    id: 'W031',
    title: 'no guardrails, and nobody said so',
    how: 'a set has one guardrails file; where nothing is bounded it says `guardrails: none`',
    bad: ['writ: guardrails/v1\nowner: group:identity-governance\nguardrails: []'],
    message: 'an empty list of guardrails: write `guardrails: none`',
  },
];

/** A rule of the table that is not decided, and why not. */
export interface Undecided {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

export const NOT_DECIDED: readonly Undecided[] = [
  {
    id: 'W026',
    title: 'a scope and audience that no right covers',
    why: 'rights bound every decision already; which pairs a flow should leave to them will be said with delegation',
  },
  {
    id: 'W027',
    title: 'a break-glass flow without a second person, a short life and a review',
    why: 'nothing says yet that a flow is one for emergencies',
  },
  {
    id: 'W028',
    title: 'overlapping permits with different approvals',
    why: 'approvals hang on no permit in this language: every one whose condition holds is demanded, so that no weaker one decides',
  },
  {
    id: 'W030',
    title: 'a flow that tests do not cover',
    why: 'tests run on the engine, which lint does not start: `writ flow test --coverage` decides it',
  },
];
