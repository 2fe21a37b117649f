import type { ProofDefinition } from '@writ/flow';
import { atom } from '../../formula/formula.ts';
import * as names from '../../model/names.ts';
import { exampleOf } from '../example.ts';
import type { Example, Found } from '../finding.ts';
import type { LintRule } from '../lint-rule.ts';
import { issued, provenBy } from '../statements.ts';
import type { Subject } from '../subject.ts';

export const downgrade: LintRule = {
  id: 'W024',
  severity: 'error',
  title: 'a weaker proof that gets as far as a stronger one',
  by: 'prover',
  why: `Under \`any\` whoever attacks chooses the proof. Where two alternatives of different assurance (asserted, signed,
hardware-bound) lead to the same scope, the stronger one protects nothing there.`,
  help: 'demand both (`all`), raise `min-assurance`, or let the policy give the scope to the stronger one alone',
  good: [
    `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: github-actions/acme, max-age: 5m, match: { repository_id: "551237781", environment: production } }
    - { id: device, anchor: registry/devices, max-age: 5m, match: { state: registered, serial: SN-0042 } }
policy:
  permit:
    - { id: read, when: 'evidence has github && ["artifacts:read"].containsAll(request.scopes)' }
    - { id: write, when: 'evidence has device && ["artifacts:write"].containsAll(request.scopes)' }
  forbid: []`,
  ],
  bad: [
    `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: github-actions/acme, max-age: 5m, match: { repository_id: "551237781", environment: production } }
    - { id: device, anchor: registry/devices, max-age: 5m, match: { state: registered, serial: SN-0042 } }
policy:
  permit:
    - { id: read, when: '["artifacts:read"].containsAll(request.scopes)' }
    - { id: write, when: 'evidence has device && ["artifacts:write"].containsAll(request.scopes)' }
  forbid: []`,
  ],
  check: (subject) => {
    const { scope } = subject.inquiry;
    if (scope.allDemanded) return [];
    const proofs = scope.proofs.map((proof) => ({
      proof,
      assurance: subject.set.anchors.get(proof.anchor)?.assurance ?? 0,
    }));
    return proofs.flatMap(({ proof, assurance }) => {
      const stronger = proofs.filter((each) => each.assurance > assurance).map((each) => each.proof);
      return stronger.length === 0 ? [] : sharedScopes(subject, proof, stronger);
    });
  },
};

function sharedScopes(
  subject: Subject,
  weaker: ProofDefinition,
  stronger: readonly ProofDefinition[],
): readonly Found[] {
  let example: Example | null = null;
  const shared: string[] = [];
  const { inquiry, definition } = subject;
  for (const text of definition.request.scopes) {
    const reached = (proof: ProofDefinition): Example | null =>
      exampleOf(inquiry, inquiry.plain, {
        statements: [
          ...issued(inquiry),
          provenBy(inquiry, proof),
          atom({ test: 'contains', set: names.SCOPES, member: { text } }),
        ],
        demands: inquiry.model.demands,
      });
    const weak = reached(weaker);
    if (weak === null || !stronger.some((proof) => reached(proof) !== null)) continue;
    shared.push(text);
    example ??= weak;
  }
  if (example === null) return [];
  const message = `it leads to ${shared.join(', ')} as ${stronger.map(({ id }) => id).join(', ')} does, and proves less`;
  return [{ rule: `proof.${weaker.id}`, message, example }];
}
