export const owner = {
    id: 'W015',
    severity: 'error',
    title: 'an owner that is nobody, or one person',
    by: 'data',
    why: `A flow outlives the people who wrote it. Its owner is a group of two at least, so that there is somebody else when one of
them leaves, and so that who proposes a change is not who alone answers for it. Members by a claim of sign-in are not counted. That
an owner exists is seen to when the set is loaded.`,
    help: 'name a group of two people or more',
    good: ['owner: group:platform-security'],
    bad: ['owner: user:ana'],
    check: ({ definition, set, lacks }) => {
        const at = { rule: 'owner', at: 'owner' };
        if (definition.owner.startsWith('user:'))
            return [{ ...at, message: `the owner is one person, ${definition.owner}` }];
        const group = set.groups.get(definition.owner);
        if (lacks.has('groups') || group === undefined || group.claim !== null || group.members.length > 1)
            return [];
        return [{ ...at, message: `${group.id} has ${group.members.length === 0 ? 'no member' : 'one member'}` }];
    },
};
//# sourceMappingURL=w015-owner.js.map