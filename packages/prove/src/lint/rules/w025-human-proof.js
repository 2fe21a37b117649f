export const humanProof = {
    id: 'W025',
    severity: 'error',
    title: 'a workload that a person can stand for',
    by: 'data',
    why: `Where identities ask for themselves, evidence about a person proves a person. Under \`any\` it is enough alone; under
\`all\` some other proof must be the workload's. Evidence is about people where \`people.yaml\` knows somebody by a subject of its
issuer and the anchor names no \`actor\`.`,
    help: 'prove the workload, and let the person come on top, under `all`',
    good: [
        `proof:
  min-assurance: 2
  all:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", environment: production }
    - { id: person, as: actor, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }`,
    ],
    bad: [
        `proof:
  min-assurance: 2
  all:
    - { id: person, anchor: oidc/workforce, max-age: 12h, match: { subject: ana-7f3c, acr: phishing-resistant } }
policy: { permit: [{ id: all, when: "true" }], forbid: [] }`,
    ],
    check: (subject) => {
        const { proof, request } = subject.definition;
        const { by } = request;
        if (!('kinds' in by))
            return [];
        const human = proof.proofs.filter((each) => aboutPeople(subject, each));
        const enough = proof.mode === 'any' || human.length === proof.proofs.length;
        return (enough ? human : []).map(({ id, anchor }) => ({
            rule: `proof.${id}`,
            message: `evidence of ${anchor} is about a person, and enough to be issued what ${by.kinds.join(' or ')} may have`,
        }));
    },
};
function aboutPeople({ set }, proof) {
    const anchor = set.anchors.get(proof.anchor);
    if (anchor === undefined || anchor.issuer === '' || anchor.actor !== null)
        return false;
    return set.people.some(({ subjects }) => subjects.some((each) => each.startsWith(`${anchor.issuer}#`)));
}
//# sourceMappingURL=w025-human-proof.js.map