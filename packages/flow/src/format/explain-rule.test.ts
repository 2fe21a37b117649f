import { describe, expect, test } from 'vitest';
import { ACME_FLOWS, loadAcme } from '../artefact/acme.test.ts';
import { explainRule } from './explain-rule.ts';

const set = loadAcme();

describe('explainRule', () => {
  test.each(ACME_FLOWS)('S3.10 $path: every rule that a refusal names can be explained', ({ path }) => {
    const flow = [...set.flows.values()].find(({ definition: { name } }) => path.includes(name))!;
    const { policy, approval, proof } = flow.definition;
    const rules = [
      ...policy.permit.map(({ id }) => `policy.permit.${id}`),
      ...policy.forbid.map(({ id }) => `policy.forbid.${id}`),
      ...approval.map(({ id }) => `approval.${id}`),
      ...proof.proofs.flatMap(({ id, match }) => [
        `proof.${id}`,
        ...Object.keys(match).map((claim) => `proof.${id}.${claim}`),
      ]),
    ];
    expect(rules.filter((rule) => !explainRule(flow, rule)?.startsWith(rule))).toEqual([]);
  });

  test.each([
    '',
    'policy',
    'policy.permit',
    'policy.permit.nothing',
    'approval.toString',
    'proof.github.nothing',
    'Policy.permit.release-to-production',
  ])('a rule that is not there is null: %j', (rule) =>
    expect(explainRule(set.flows.get('ci-deploy-token')!, rule)).toBeNull(),
  );
});
