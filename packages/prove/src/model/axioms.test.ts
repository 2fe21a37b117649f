import { IDENTITY_KINDS, KIND_ATTRIBUTES } from '@writ/core';
import { loadForPlan } from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { Encoding, issuing } from '../encoding.ts';
import { alone, plainFlow, sha256 } from '../fixture.test.ts';
import type { Formula } from '../formula/formula.ts';
import { not } from '../formula/formula.ts';
import { patched } from '../json-patch.test.ts';
import { pick } from '../solve/assignment.ts';
import { search } from '../solve/search.ts';

/** Whether the second flow lets through what the rule of the first does not, without the axiom at one place. */
function escapes(encoding: Encoding, rule: Formula, without: number | null): boolean {
  const axioms = encoding.axioms.filter((_, i) => i !== without);
  const [, fresh] = encoding.models;
  const statement = encoding.all([...axioms, ...issuing(fresh), not(rule)]);
  return search(statement, encoding.grounding.variables, { left: 100_000 }) !== null;
}

describe('axioms', () => {
  test('S3.12 ttl over the lifetime widens nothing, and without "a life counts itself" it would seem to', () => {
    const before = plainFlow('ci-deploy-token');
    const after = patched(before, [{ op: 'replace', path: '/request/ttl/max', value: '30m' }]);
    const encoding = new Encoding(alone(before), alone(after));
    const rule = encoding.models[0].rules.find(({ id }) => id === 'request.ttl');
    if (rule === undefined) throw new Error('no rule');
    expect(escapes(encoding, rule.formula, null)).toBe(false);
    expect(escapes(encoding, rule.formula, 0)).toBe(true);
  });

  test('each of them holds of some request, together with each flow', () => {
    const encoding = new Encoding(
      alone(plainFlow('device-certificate')),
      alone(plainFlow('integration-api-key')),
    );
    const statement = encoding.all([...encoding.axioms, ...issuing(encoding.models[0])]);
    const masks = search(statement, encoding.grounding.variables, { left: 100_000 });
    expect(masks === null ? [] : pick(masks)).not.toEqual([]);
  });

  test.each(IDENTITY_KINDS)(
    'an identity of kind %s has what its kind must have, or is not registered',
    (kind) => {
      const text = (attributes: object): string =>
        JSON.stringify({
          writ: 'identities/v1',
          identities: [
            {
              uri: 'spiffe://acme.example/x',
              name: 'x',
              kind,
              owner: 'user:ana',
              deputy: 'user:ana',
              purpose: 'p',
              environment: 'e',
              expires: '2030-01-01T00:00:00Z',
              attributes,
            },
          ],
        });
      for (const missing of KIND_ATTRIBUTES[kind]) {
        const others = KIND_ATTRIBUTES[kind].filter((name) => name !== missing);
        const given = Object.fromEntries(
          others.map((name) => [name, name === 'data_sets' || name === 'commands' ? [] : 'x']),
        );
        const { problems } = loadForPlan([{ path: 'identities.yaml', text: text(given) }], sha256);
        expect(problems.map(({ message }) => message)).toContain(
          `an identity of kind ${kind} needs \`${missing}\``,
        );
      }
    },
  );

  test('a person whom no claim names is not known: without a subject nobody is asked', () => {
    const side = alone(plainFlow('integration-api-key'));
    const anchors = new Map(
      [...side.around.anchors].map(([name, anchor]) => [
        name,
        { ...anchor, claims: { acr: anchor.claims['acr'] ?? fail() } },
      ]),
    );
    const encoding = new Encoding(
      { ...side, around: { ...side.around, anchors } },
      { ...side, around: { ...side.around, anchors } },
    );
    const statement = encoding.all([...encoding.axioms, ...issuing(encoding.models[0])]);
    expect(search(statement, encoding.grounding.variables, { left: 100_000 })).toBeNull();
  });
});

function fail(): never {
  throw new Error('no claim');
}
