import type { LintRule } from '../lint-rule.ts';

export const delivery: LintRule = {
  id: 'W012',
  severity: 'error',
  title: 'a delivery that people or a build log may see',
  by: 'syntax',
  why: `\`caller\` is the answer on the channel on which the workload proved itself. With \`human-visible: never\` that holds only
for identities that ask for themselves (\`request.by.kinds\`), and for a credential that is worth nothing without the holder's key, so
that a build log that shows it shows nothing. What other targets keep from people will be judged when targets declare it.`,
  help: 'ask by `kinds`, bind to a key (`dpop`, `mtls`, `tpm-key`), or deliver into a store',
  good: ['bind: { pop: [dpop] }\ndeliver: { to: [caller], human-visible: never }'],
  bad: [
    `request:
  by: { from: group:integration-developers }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ttl: { max: 5m }
proof:
  min-assurance: 2
  all: [{ id: person, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }]
policy: { permit: [{ id: all, when: "true" }], forbid: [] }`,
  ],
  check: ({ definition: { deliver, request, bind } }) => {
    if (!deliver.to.includes('caller') || deliver.humanVisible === 'allowed') return [];
    const rule = { rule: 'deliver.to', at: 'deliver.to' };
    if (!('kinds' in request.by))
      return [
        { ...rule, message: `\`caller\` is a person of ${request.by.from}, who then sees the credential` },
      ];
    if (bind.pop.includes('none'))
      return [{ ...rule, message: 'delivered to the caller without a key: whoever sees it can use it' }];
    return [];
  },
};
