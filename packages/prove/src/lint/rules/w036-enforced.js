export const enforced = {
    id: 'W036',
    severity: 'error',
    title: 'a binding that the audience does not check',
    by: 'data',
    why: `A token bound to a key is a bearer token for a resource that does not ask for the key. Each audience is declared, in
\`audiences.yaml\`, to enforce one at least of the flow's bindings. A flow that binds to nothing is judged by W013.`,
    help: "let the resource server check the binding and say so under the audience's `enforces`, or take the audience out",
    good: ['bind: { pop: [dpop, mtls] }'],
    bad: ['bind: { pop: [mtls] }'],
    check: ({ definition: { bind, request }, set, lacks }) => {
        const bound = bind.pop.filter((each) => each !== 'none');
        if (bound.length === 0 || lacks.has('audiences'))
            return [];
        return request.audience.flatMap((uri) => {
            const audience = set.audiences.get(uri);
            if (audience === undefined || bound.some((each) => audience.enforces.includes(each)))
                return [];
            const message = `\`${uri}\` is not declared to enforce ${bound.join(' or ')}`;
            return [{ rule: 'bind.pop', message }];
        });
    },
};
//# sourceMappingURL=w036-enforced.js.map