import type { Json } from '@writ/core';
import type { RunView } from '@writ/engine';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestBody } from './request.ts';

const VIEW: RunView = {
  run: 'run',
  flow: 'flow',
  identity: 'identity',
  state: 'waiting',
  requester: 'requester',
  openedAt: 1_800_000_000_000,
  dueAt: 1_800_000_100_000,
  plan: 'plan',
  planJson: { audience: 'audience', scopes: ['scope'], fields: { field: 'value' } },
  flowVersion: 1,
  purpose: 'purpose',
  owner: 'owner',
  proven: [{ proof: 'proof', anchor: 'anchor', claims: { claim: 'claim value' } }],
  facts: { source: 'fact', listed: ['fact'] },
  obligations: [
    {
      kind: 'approval',
      rule: 'rule',
      from: 'from',
      count: 1,
      missing: 1,
      factor: 'factor',
      not: ['excluded'],
      expires: 1_800_000_100_000,
      unsatisfiable: 'unsatisfiable',
      digest: 'digest',
      envelope: {
        identity: 'uri',
        revision: 1,
        flow: 'flow hash',
        audience: 'audience',
        scopes: ['scope'],
        ttl: 60,
        fields: { field: 'value' },
      },
      assignee: 'assignee',
      mine: true,
    },
  ],
  approvals: [
    {
      rule: 'rule',
      person: 'person',
      decision: 'approve',
      at: 1_800_000_000_000,
      index: 1,
      reason: 'reason',
    },
  ],
  changes: [{ member: 'member', before: 'before', after: ['after'] }],
  similar: { identities: 2, beyond: ['beyond'] },
  nearMisses: [{ rule: 'rule', message: 'message' }],
  blastRadius: {
    audiences: ['audience'],
    scopes: ['scope'],
    environments: ['environment'],
    liveCredentials: 1,
    rights: ['right'],
  },
  change: {
    changes: [
      {
        flow: 'flow',
        change: 'surroundings',
        verdict: 'verdict',
        stages: ['stage'],
        rules: ['rule'],
        witness: { request: { audience: 'audience' } },
      },
    ],
    outside: ['outside'],
  },
  controls: [
    {
      pack: 'pack',
      control: 'control',
      aliases: ['alias'],
      title: 'title',
      outcome: 'pass',
      because: 'because',
    },
  ],
  reasons: [{ stage: 'policy', rule: 'rule', message: 'message', help: 'help' }],
};

/** Texts of ours, which say what kind of thing something is. */
const WORDS = new Set(['waiting', 'approval', 'approve', 'pass', 'policy']);
/** Objects whose names are somebody's data too. */
const NAMED = new Set(['planJson', 'fields', 'claims', 'facts', 'witness', 'request']);

/** The same view with other texts: every text that is data, and every name that is. */
function rewritten(value: Json, text: (before: string) => string, named = false): Json {
  if (typeof value === 'string') return WORDS.has(value) ? value : text(value);
  if (Array.isArray(value)) return value.map((each: Json) => rewritten(each, text));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, Json] => [
    named ? text(name) : name,
    rewritten(member ?? null, text, NAMED.has(name)),
  ]);
  return Object.fromEntries(members);
}

/** Everything that is shown of it, as a change of the rules and as one of an identity. */
function bodyOf(text: (before: string) => string): string {
  return [VIEW, { ...VIEW, change: null }]
    .map((each) => rewritten(JSON.parse(JSON.stringify(each)) as Json, text) as unknown as RunView)
    .map((each) => String(requestBody(each, 'somebody', false)))
    .join('');
}

/** Tags, with the names of their attributes, in order. */
function skeleton(markup: string): readonly string[] {
  return (markup.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
}

const hostile = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</textarea></form></section><h2>',
    "' autofocus onfocus='alert(1)",
    '<!-- --><svg/onload=alert(1)>',
    '&lt;script&gt;',
    '`${1}`',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
);

test('nothing that a request holds becomes markup, whatever it holds and wherever', () => {
  const plain = skeleton(bodyOf((before) => before));
  expect(plain.length).toBeGreaterThan(150);
  fc.assert(
    fc.property(hostile, fc.integer({ min: 0, max: 140 }), (value, place) => {
      // Every text at once, each with something of its own, or the one at a place.
      let at = 0;
      const all = bodyOf((before) => `${value}${before}`);
      const one = bodyOf((before) => (at++ === place ? value + before : before));
      expect(skeleton(all)).toEqual(plain);
      expect(skeleton(one)).toEqual(plain);
    }),
    { numRuns: 200 },
  );
});

test('everything an approver is given stands on the page', () => {
  const body = bodyOf((before) => `«${before}»`);
  const texts: string[] = [];
  rewritten(JSON.parse(JSON.stringify(VIEW)) as Json, (before) => {
    texts.push(`«${before}»`);
    return before;
  });
  expect(texts.filter((text) => !body.includes(text))).toEqual([]);
});

test('a confirmation is asked for as one, and a sample person signs by the sample authenticator', () => {
  const [obligation] = VIEW.obligations;
  if (obligation === undefined) throw new Error('there is one');
  const view: RunView = { ...VIEW, obligations: [{ ...obligation, kind: 'confirmation', envelope: null }] };
  expect(String(requestBody(view, 'somebody', false))).toContain('Confirm with passkey</button>');
  expect(String(requestBody(view, 'somebody', true))).toContain(
    'Confirm with the sample authenticator</button>',
  );
});

test('what waits for nobody here offers nothing to decide, and what is over says how it ended', () => {
  const others = VIEW.obligations.map((each) => ({ ...each, mine: false }));
  const idle = String(requestBody({ ...VIEW, obligations: others }, 'somebody', false));
  expect(idle).toContain('Nothing of this waits for you');
  expect(idle).not.toContain('<button');
  expect(String(requestBody({ ...VIEW, obligations: others }, 'requester', false))).toContain('cancel-run');
  const over = String(requestBody({ ...VIEW, state: 'refused', obligations: others }, 'requester', false));
  expect(over).not.toContain('<button');
  expect(over).toContain('What would help: help');
});
