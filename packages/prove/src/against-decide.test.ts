import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Encoding, issuing } from './encoding.ts';
import { alone, FLOWS, type FlowName, plainFlow } from './fixture.test.ts';
import { patched, type Step } from './json-patch.test.ts';
import { Assignment, evaluate, type Picks, pick } from './solve/assignment.ts';
import { search } from './solve/search.ts';
import { replay } from './witness/replay.ts';
import { situationOf } from './witness/situation.ts';

/** Variants of the four flows, with what the vectors leave out: optional facts, other forms of match, guarded reads. */
const VARIANTS: readonly (readonly [FlowName, string, readonly Step[]])[] = [
  ...FLOWS.map((name): readonly [FlowName, string, readonly Step[]] => [name, 'as it is', []]),
  [
    'ci-deploy-token',
    'with two ways to prove',
    [
      {
        op: 'replace',
        path: '/policy/forbid/0/when',
        value: 'evidence has github && evidence.github.event_name == "pull_request_target"',
      },
      {
        op: 'replace',
        path: '/policy/forbid/1/when',
        value:
          'evidence has gitlab && evidence.gitlab has environment && evidence.gitlab.environment == "test"',
      },
      {
        op: 'add',
        path: '/proof/any/-',
        value: {
          id: 'gitlab',
          anchor: 'gitlab-ci/acme',
          'max-age': '5m',
          match: {
            project_id: { 'one-of': ['7', '8'] },
            runner_environment: 'self-hosted',
            ref: { like: 'a*/b' },
          },
        },
      },
    ],
  ],
  [
    'agent-tool-identity',
    'with conditions over sets and other attributes',
    [
      {
        op: 'replace',
        path: '/policy/forbid/0/when',
        value:
          'request has commands && !(identity has commands && identity.commands.containsAll(request.commands))',
      },
      {
        op: 'replace',
        path: '/policy/permit/0/when',
        value:
          'request.audience like "*mcp*" && (facts.workspace.region == request.task || identity.owner == identity.deputy) && facts.risk.score <= identity.revision',
      },
      {
        op: 'replace',
        path: '/approval/1/when',
        value: 'if identity.kind == "agent" then identity.revision > 3 else request.data_sets.isEmpty()',
      },
    ],
  ],
  [
    'device-certificate',
    'confirmed by the owner, proven by either',
    [
      {
        op: 'replace',
        path: '/activate',
        value: { when: 'confirmed', by: 'owner', within: '1h', not: 'none' },
      },
      { op: 'move', from: '/proof/all', path: '/proof/any' },
      {
        op: 'replace',
        path: '/policy/forbid/0/when',
        value: 'evidence has tpm && identity.expires < datetime("2027-01-01")',
      },
    ],
  ],
  [
    'integration-api-key',
    'with the evidence approving',
    [
      {
        op: 'replace',
        path: '/approval/0/require',
        value: { from: 'proof:requester', factor: 'webauthn', not: ['owner'] },
      },
      { op: 'replace', path: '/bind/source', value: { cidr: 'evidence.requester.address' } },
    ],
  ],
  [
    'integration-api-key',
    'with the owner approving',
    [{ op: 'replace', path: '/approval/0/require', value: { from: 'owner', count: 2, not: ['requester'] } }],
  ],
];

/**
 * INVARIANT: a flow's formulas say what `decide` and the definition of what follows say, on any values. Random requests
 * are mostly refused for many reasons at once, so each starts from one that is issued and is changed in a few places.
 */
describe('the formulas against the real decision', () => {
  test.each(VARIANTS)('S3.12 %s %s: both say the same of 600 requests', (name, _, steps) => {
    const side = alone(patched(plainFlow(name), steps));
    // The other side is another version, so that attributes and classes are there which this one does not know.
    const other = alone(
      patched(plainFlow(name), [{ op: 'replace', path: '/lifecycle/max-lifetime', value: '400d' }]),
    );
    const encoding = new Encoding(side, other);
    const { grounding, vocabulary, domains } = encoding;
    const [model] = encoding.models;
    const axioms = encoding.all(encoding.axioms);
    const statement = encoding.all(issuing(model));
    const masks = search(encoding.all([...encoding.axioms, ...issuing(model)]), grounding.variables, {
      left: 100_000,
    });
    if (masks === null) throw new Error('nothing is ever issued');
    const outcomes = { issued: 0, refused: 0 };
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 });
    const free = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(changes, free, (changed, noise) => {
        const picks: Picks = withChanges(spread(masks, noise, pick(masks)), changed, grounding.variables);
        fc.pre(evaluate(axioms, picks));
        const situation = situationOf({
          old: other,
          new: side,
          vocabulary,
          assignment: new Assignment(grounding.variables, picks, domains),
          demands: model.demands.filter(({ when }) => evaluate(grounding.ground(when), picks)),
          unmet: null,
        });
        const expected = evaluate(statement, picks);
        outcomes[expected ? 'issued' : 'refused'] += 1;
        const { active, verdict } = replay(side, situation);
        const touched = changed.map(([at]) => grounding.variables[at % grounding.variables.length]?.name);
        const failing = model.rules
          .filter(({ formula }) => !evaluate(grounding.ground(formula), picks))
          .map(({ id }) => id);
        expect([active, touched, failing, active === expected ? '' : verdict]).toEqual([
          expected,
          touched,
          failing,
          '',
        ]);
      }),
      { numRuns: 600, seed: 7 },
    );
    expect(Math.min(outcomes.issued, outcomes.refused)).toBeGreaterThan(60);
  });
});

/** Any value that the masks leave, chosen by the noise. */
function spread(masks: readonly bigint[], noise: readonly number[], otherwise: Picks): Picks {
  return masks.map((mask, variable) => {
    const bits = mask.toString(2).split('').toReversed();
    const open = bits.flatMap((bit, i) => (bit === '1' ? [i] : []));
    return (
      open[((noise[variable % noise.length] ?? 0) * (variable + 1)) % Math.max(1, open.length)] ??
      otherwise[variable] ??
      0
    );
  });
}

function withChanges(
  picks: Picks,
  changed: readonly (readonly [number, number])[],
  variables: readonly { readonly values: readonly unknown[] }[],
): Picks {
  return changed.reduce((before, [variable, value]) => {
    const at = variable % variables.length;
    return before.with(at, value % (variables[at]?.values.length ?? 1));
  }, picks);
}
