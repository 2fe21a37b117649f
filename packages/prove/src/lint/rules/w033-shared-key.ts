import type { CompiledFlow } from '@writ/flow';
import type { LintRule } from '../lint-rule.ts';

export const sharedKey: LintRule = {
  id: 'W033',
  severity: 'error',
  title: 'one issuer key for different audiences',
  by: 'data',
  why: `A key that signs for several sets of audiences makes one flow's mistake everybody's: a resource that trusts the key for one
must be able to distrust it for another. Of two such flows the later, by name, is found.`,
  help: 'give each set of audiences an issuer key of its own',
  good: ['generate: { token: { format: jwt, alg: ES256, key: issuer-reports, subject: identity.uri } }'],
  bad: [
    'generate: { token: { format: jwt, alg: ES256, key: issuer-reports, subject: identity.uri } }',
    `writ: flow/v1
flow: a-second-flow
request:
  by: { kinds: [workload] }
  audience: { one-of: ["https://deploy.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ttl: { max: 5m }`,
  ],
  check: ({ set, flow }) => {
    const key = keyOf(flow);
    const first = [...set.flows.values()]
      .filter((each) => key !== null && keyOf(each) === key)
      .toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1))[0];
    if (first === undefined || audiences(first) === audiences(flow)) return [];
    const parameter = flow.definition.issues === 'token' ? 'key' : 'ca';
    return [
      {
        rule: `generate.${parameter}`,
        at: `generate.${flow.definition.issues}.${parameter}`,
        message: `${key ?? ''} also signs for the other audiences of the flow ${first.definition.name}`,
      },
    ];
  },
};

/** What signs: of a token its key, of a certificate its authority. */
function keyOf({ definition: { issues, generate } }: CompiledFlow): string | null {
  const name = issues === 'token' ? 'key' : issues === 'x509' || issues === 'ssh' ? 'ca' : null;
  const value = name === null ? undefined : generate.parameters[name];
  return typeof value === 'string'
    ? `${issues} key ${value}`.replace(/^(?:x509|ssh) key/, 'authority')
    : null;
}

function audiences({ definition }: CompiledFlow): string {
  return definition.request.audience.toSorted().join(' ');
}
