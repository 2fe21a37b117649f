import type { ProofDefinition } from '@writ/flow';
import { CI_KINDS, type CiKind } from '../../ci/ci-kind.ts';
import { absentOrAny, anyOf, unfixed } from '../../ci/claims.ts';
import { and, type Formula } from '../../formula/formula.ts';
import * as names from '../../model/names.ts';
import { exampleOf } from '../example.ts';
import type { Example, Found } from '../finding.ts';
import type { LintRule } from '../lint-rule.ts';
import { issued, provenBy } from '../statements.ts';
import type { Subject } from '../subject.ts';

export const underPinned: LintRule = {
  id: 'W006',
  severity: 'error',
  title: 'a proof that does not pin whose job it is',
  by: 'prover',
  why: `Whoever gets a token of the CI system for our audience passes a proof that pins nothing: the most common mistake with CI
federation. Decided for all requests, by match and policy together: the repository (or its id) must be fixed, and one of
\`environment\`, \`ref\` and \`workflow_ref\` bounded to less than any branch, tag or pull request; of GitLab the project, and one of
\`environment\`, \`ref\`, \`ref_path\` and \`ci_config_ref_uri\`. \`sub\` alone pins nothing here: what stands in it can be configured by
the repository. Of other anchors, some claim that \`identifies\` the caller must be bounded. A flow that people ask through is held by
their group instead.`,
  help: 'match `repository_id`, and `environment`, `ref` or `workflow_ref`',
  good: [
    `proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", ref: refs/heads/main }`,
  ],
  bad: [
    `proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", ref: { like: "refs/heads/*" } }`,
  ],
  check: (subject) => {
    const { proofs } = subject.definition.proof;
    const ci = proofs.flatMap((proof) => {
      const kind = kindOf(subject, proof);
      return kind === undefined ? [] : ciFindings(subject, proof, kind);
    });
    return ci.length > 0 ? ci : openFindings(subject);
  },
};

function kindOf({ set }: Subject, { anchor }: ProofDefinition): CiKind | undefined {
  return CI_KINDS.get(set.anchors.get(anchor)?.kind ?? '');
}

function shown({ inquiry }: Subject, proof: ProofDefinition, open: Formula): Example | null {
  return exampleOf(inquiry, inquiry.over([open]), {
    statements: [...issued(inquiry), provenBy(inquiry, proof), open],
    demands: inquiry.model.demands,
  });
}

/** Whether it is one repository, and then whether it is more than any job of it. */
function ciFindings(subject: Subject, proof: ProofDefinition, kind: CiKind): readonly Found[] {
  const { model, vocabulary } = subject.inquiry;
  const claim = (name: string): string => names.claimAttribute(names.slotOf(proof), name);
  const known = (list: readonly string[]): readonly string[] =>
    list.map(claim).filter((each) => vocabulary.has(each));
  const rule = `proof.${proof.id}`;
  const at = `${rule}.match`;
  const any = shown(subject, proof, and(...known(kind.subject).map((each) => unfixed(model, each))));
  const words = (list: readonly string[]): string => list.map((each) => `\`${each}\``).join(', ');
  if (any !== null) {
    const message = `it does not fix whose job it is: any ${kind.subject[0]} will do`;
    return [{ rule, at, message, help: `match \`${kind.subject[1]}\``, example: any }];
  }
  const open = known(kind.job).map((each) =>
    absentOrAny(each, anyOf(model, each, ['anything', ...kind.anyRef])),
  );
  const job = shown(subject, proof, and(...open));
  if (job === null) return [];
  const message = `any job will do: ${words(kind.job)} are all open`;
  return [{ rule, at, message, help: `match one of ${words(kind.job)}`, example: job }];
}

const ANYBODY = [
  'anybody',
  'any/body',
  'any/bo/dy',
  'spiffe://any.example/anybody',
  'https://any.example/anybody',
];

/** Other anchors: one identifying claim of one proof is enough where all are demanded. */
function openFindings(subject: Subject): readonly Found[] {
  const { definition, inquiry, set } = subject;
  const { by } = definition.request;
  const { proofs, mode } = definition.proof;
  if (!('kinds' in by)) return [];
  const open = (proof: ProofDefinition): Formula => {
    const claims = set.anchors.get(proof.anchor)?.claims ?? {};
    const identifying = Object.keys(claims).filter((name) => claims[name]?.identifies === true);
    const told = identifying.length > 0 || !subject.lacks.has('anchors') ? identifying : Object.keys(claims);
    const slot = names.slotOf(proof);
    return and(
      ...told
        .map((name) => names.claimAttribute(slot, name))
        .filter((each) => inquiry.vocabulary.has(each))
        .map((each) =>
          and(unfixed(inquiry.model, each), absentOrAny(each, anyOf(inquiry.model, each, ANYBODY))),
        ),
    );
  };
  const groups = mode === 'all' ? [proofs] : proofs.map((proof) => [proof]);
  return groups.flatMap((group): Found[] => {
    const [first] = group;
    if (first === undefined || group.some((proof) => kindOf(subject, proof) !== undefined)) return [];
    const example = shown(subject, first, and(...group.map(open)));
    if (example === null) return [];
    return [
      {
        rule: `proof.${first.id}`,
        at: `proof.${first.id}.match`,
        message: `whoever has evidence of ${group.map(({ anchor }) => anchor).join(' and ')} passes`,
        help: 'match a claim that `identifies` the caller; the anchor says which do',
        example,
      },
    ];
  });
}
