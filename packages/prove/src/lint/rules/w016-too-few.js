export const tooFew = {
    id: 'W016',
    severity: 'error',
    title: 'an approval that too few could give',
    by: 'data',
    why: `Where fewer people are in the group than must agree, nobody can approve, and people will ask for a way round. Whom \`not\`
takes away is known before the run only where people ask: then it must hold whoever of them asks. Members by a claim of sign-in are
not counted.`,
    help: 'add members to the group, lower `count`, or ask another group',
    good: [
        `approval:
  - id: write-review
    when: 'request.scopes.contains("artifacts:write")'
    require: { from: group:security-reviewers, count: 3 }
    expires: 1h
    reuse: none`,
    ],
    bad: [
        `approval:
  - id: write-review
    when: 'request.scopes.contains("artifacts:write")'
    require: { from: group:security-reviewers, count: 4 }
    expires: 1h
    reuse: none`,
    ],
    check: (subject) => subject.definition.approval.flatMap((rule) => shortOf(subject, rule)),
};
function shortOf(subject, { id, require }) {
    const { from, count, not } = require;
    const members = from === 'owner' ? ownersLeft(subject, not) : membersOf(subject, from);
    if (members === null)
        return [];
    const asking = not.includes('requester') ? askersOf(subject) : [];
    const left = (asker) => members.filter((each) => each !== asker).length;
    const fewest = Math.min(members.length, ...asking.map(left));
    if (fewest >= count)
        return [];
    const asker = asking.find((each) => left(each) === fewest && members.includes(each));
    const whom = asker === undefined ? '' : ` when ${asker} asks`;
    const message = `${count} must approve, and ${from} has ${fewest} who may${whom}`;
    return [{ rule: `approval.${id}`, at: `approval.${id}.require`, message }];
}
/** Null where it is not known who is in the group. */
function membersOf({ set, lacks }, from) {
    const group = set.groups.get(from);
    return lacks.has('groups') || group === undefined || group.claim !== null ? null : group.members;
}
/** Who owns an identity is known with the identity alone; but of a machine's run the owners are the requester. */
function ownersLeft({ definition }, not) {
    const machine = 'kinds' in definition.request.by;
    return not.includes('owner') || (machine && not.includes('requester')) ? [] : null;
}
function askersOf(subject) {
    const { by } = subject.definition.request;
    return 'from' in by ? (membersOf(subject, by.from) ?? []) : [];
}
//# sourceMappingURL=w016-too-few.js.map