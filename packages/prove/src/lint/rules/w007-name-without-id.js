import { CI_KINDS } from '../../ci/ci-kind.js';
import { unfixed } from '../../ci/claims.js';
import { and } from '../../formula/formula.js';
import * as names from '../../model/names.js';
import { exampleOf } from '../example.js';
import { issued, provenBy } from '../statements.js';
export const nameWithoutId = {
    id: 'W007',
    severity: 'error',
    title: 'a name without the immutable id behind it',
    by: 'prover',
    why: `A repository can be renamed or deleted, and its name taken by somebody else; its id cannot. Where a name is matched, or the
policy fixes it, some id of the same thing must be fixed too. (Kubernetes: with its attestor.)`,
    help: 'match the id besides the name, or in its place',
    good: [
        `proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository: acme/reports, repository_id: "551237781", environment: production }`,
    ],
    bad: [
        `proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository: acme/reports, environment: production }`,
    ],
    check: (subject) => subject.definition.proof.proofs.flatMap((proof) => {
        const kind = CI_KINDS.get(subject.set.anchors.get(proof.anchor)?.kind ?? '');
        return (kind?.named ?? []).flatMap(({ name, ids }) => nameless(subject, proof, name, ids));
    }),
};
function nameless(subject, proof, name, ids) {
    const { inquiry } = subject;
    const { vocabulary, model, plain } = inquiry;
    const claim = (each) => names.claimAttribute(names.slotOf(proof), each);
    if (!vocabulary.has(claim(name)))
        return [];
    const through = [...issued(inquiry), provenBy(inquiry, proof)];
    const matched = Object.hasOwn(proof.match, name);
    const counts = matched || !plain.possible([...through, unfixed(model, claim(name))]);
    if (!counts)
        return [];
    const open = ids.map(claim).filter((each) => vocabulary.has(each));
    const example = exampleOf(inquiry, plain, {
        statements: [...through, and(...open.map((each) => unfixed(model, each)))],
        demands: model.demands,
    });
    if (example === null)
        return [];
    const rule = matched ? `proof.${proof.id}.${name}` : `proof.${proof.id}`;
    const message = `\`${name}\` decides, and whoever takes that name passes`;
    return [{ rule, message, help: `match \`${ids[0]}\` too`, example }];
}
//# sourceMappingURL=w007-name-without-id.js.map