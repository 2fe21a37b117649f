import { exampleOf } from '../example.js';
import { approvalsOf, issued } from '../statements.js';
export const selfApproval = {
    id: 'W005',
    severity: 'error',
    title: 'who asks may approve',
    by: 'prover',
    why: `Some request is approved by the person who asks for it. Of a machine's run that is whoever owns the identity and whoever
started the run; of a person's run, that person. Which of them an approval rule leaves in is decided for all requests, so that
\`not: [owner]\` is enough where no evidence names who started the run. \`from: proof:<id>\` is a step-up, counts as nobody else's
approval, and is left alone.`,
    help: 'put `requester` into `not`, or leave `not` out',
    good: [
        `approval:
  - id: write-review
    when: 'request.scopes.contains("artifacts:write")'
    require: { from: group:security-reviewers, not: [requester] }
    expires: 1h
    reuse: none`,
    ],
    bad: [
        `approval:
  - id: write-review
    when: 'request.scopes.contains("artifacts:write")'
    require: { from: group:security-reviewers, not: [owner] }
    expires: 1h
    reuse: none`,
    ],
    check: (subject) => approvalsOf(subject.inquiry).flatMap((demand) => selfApproved(subject, demand)),
};
const WHO = {
    owner: 'whoever owns the identity',
    actor: 'whoever started the run',
    asker: 'the person who asks',
};
function selfApproved({ definition, inquiry }, demand) {
    const { who, when, known, id } = demand;
    if (who.from.startsWith('evidence '))
        return [];
    const requester = 'from' in definition.request.by ? ['asker'] : ['owner', 'actor'];
    for (const flag of requester.filter((each) => !who.without.includes(each))) {
        const example = exampleOf(inquiry, inquiry.plain, {
            statements: [...issued(inquiry), when, known[flag]],
            demands: inquiry.model.demands,
            unmet: { ...demand, who: { ...who, without: [...who.without, flag] } },
        });
        if (example !== null)
            return [{ rule: id, at: `${id}.require`, message: `${WHO[flag]} may approve it`, example }];
    }
    return [];
}
//# sourceMappingURL=w005-self-approval.js.map