export const audience = {
    id: 'W004',
    severity: 'error',
    title: 'no audience, or one that is not registered',
    by: 'data',
    why: `A credential is for an audience of \`audiences.yaml\`, which has an owner and is declared to enforce a binding. A wildcard is
refused when the flow is loaded. In a directory without audiences, only an empty list is found.`,
    help: 'name audiences that are registered, or register this one',
    good: [
        'request:\n  by: { kinds: [workload] }\n  audience: { one-of: ["https://deploy.acme.example"] }\n  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }\n  ttl: { max: 5m }',
    ],
    bad: [
        'request:\n  by: { kinds: [workload] }\n  audience: { one-of: ["https://deploy.acme-example.net"] }\n  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }\n  ttl: { max: 5m }',
    ],
    check: ({ definition: { request }, set, lacks }) => {
        const at = { rule: 'request.audience', at: 'request.audience' };
        if (request.audience.length === 0)
            return [{ ...at, message: 'no audience is named' }];
        if (lacks.has('audiences'))
            return [];
        return request.audience
            .filter((uri) => !set.audiences.has(uri))
            .map((uri) => ({ ...at, message: `the audience \`${uri}\` is not registered` }));
    },
};
//# sourceMappingURL=w004-audience.js.map