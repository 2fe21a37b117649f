import { atomsOf } from '../../formula/formula.js';
import { approvalsOf } from '../statements.js';
export const wildcard = {
    id: 'W008',
    severity: 'warning',
    title: 'a wildcard that reaches further than it looks',
    by: 'syntax',
    why: `In \`match\`, \`acme*\` also matches \`acme-evil\`: a \`*\` should stand alone in its segment or beside a separator (\`-\`,
\`_\`, \`.\`, \`:\`, \`@\`). In conditions, the \`*\` of \`like\` is Cedar's and crosses \`/\`, unlike that of \`match\`; of what has
segments that is rarely meant, and \`crosses-segments: true\` beside \`when\` says that it is. More than one \`*\` in a segment of
\`match\` is refused when the flow is loaded.`,
    help: 'write out what is meant, or end before the `*` with a separator',
    good: [
        `proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", ref: { like: "refs/heads/release-*" } }`,
    ],
    bad: [
        `proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", ref: { like: "refs/heads/release*" } }`,
    ],
    check: (subject) => [...inMatch(subject), ...inConditions(subject)],
};
const JOINED = /[\p{L}\p{N}]\*|\*[\p{L}\p{N}]/u;
function inMatch({ definition }) {
    return definition.proof.proofs.flatMap(({ id, match }) => Object.entries(match).flatMap(([claim, each]) => {
        const open = 'like' in each ? each.like.split('/').find((segment) => JOINED.test(segment)) : undefined;
        if (open === undefined)
            return [];
        const evil = open.startsWith('*') ? open.replace('*', 'evil-') : open.replace('*', '-evil');
        return [{ rule: `proof.${id}.${claim}`, message: `\`${open}\` also matches \`${evil}\`` }];
    }));
}
/** Claims and attributes that are made of segments, whatever they are held against. */
const SEGMENTED = /[. ](?:ref|ref_path|base_ref|head_ref|repository|project_path|namespace_path|workflow_ref|job_workflow_ref|ci_config_ref_uri|sub|subject|uri)$/;
function inConditions({ inquiry, definition }) {
    const { permit, forbid } = definition.policy;
    const meant = new Set([
        ...permit.filter((rule) => rule.crossesSegments).map(({ id }) => `policy.permit.${id}`),
        ...forbid.filter((rule) => rule.crossesSegments).map(({ id }) => `policy.forbid.${id}`),
        ...definition.approval.filter((rule) => rule.crossesSegments).map(({ id }) => `approval.${id}`),
    ]);
    const conditions = [
        ...inquiry.model.rules
            .filter(({ stage }) => stage === 'policy')
            .flatMap((rule) => rule.alternatives ?? [rule]),
        ...approvalsOf(inquiry).map(({ id, when }) => ({ id, formula: when })),
    ];
    return conditions.flatMap(({ id, formula }) => {
        const crossing = atomsOf([formula]).find((each) => each.test === 'like' &&
            each.pattern.includes(null) &&
            (SEGMENTED.test(each.of) || each.pattern.some((part) => part?.includes('/') === true)));
        if (crossing === undefined || meant.has(id))
            return [];
        return [
            {
                rule: id,
                at: `${id}.when`,
                message: 'the `*` of this `like` crosses `/`',
                help: 'match it under `proof`, or say `crosses-segments: true` where that is meant',
            },
        ];
    });
}
//# sourceMappingURL=w008-wildcard.js.map