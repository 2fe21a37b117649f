import type { PersonFlag } from '../../model/model.ts';
import { exampleOf } from '../example.ts';
import type { Found } from '../finding.ts';
import type { LintRule } from '../lint-rule.ts';
import { issued } from '../statements.ts';
import type { Subject } from '../subject.ts';

/** Kinds that a verifier looks up: they can be, and must be, born inactive. */
const LOOKED_UP: ReadonlySet<string> = new Set(['api-key', 'password', 'database']);

export const activation: LintRule = {
  id: 'W011',
  severity: 'error',
  title: 'an activation that withholds nothing',
  by: 'prover',
  why: `A key, password or database role is looked up by whoever checks it, so it can be born inactive; \`issued\` gives that away.
A confirmation is the owner's, and means something only where the person who asked cannot give it.`,
  help: 'say `activate: { when: confirmed, by: owner, within: … }`, with `requester` in `not`',
  good: [
    `issues: api-key
request:
  by: { from: group:integration-developers }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read"] }
  ttl: { max: 5m }
proof:
  min-assurance: 2
  all: [{ id: person, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }]
policy: { permit: [{ id: all, when: "true" }], forbid: [] }
approval: []
generate: { api-key: { prefix: acme } }
deliver: { to: [vault/reports] }
activate: { when: confirmed, by: owner, within: 1d }`,
  ],
  bad: [
    `issues: api-key
request:
  by: { from: group:integration-developers }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read"] }
  ttl: { max: 5m }
proof:
  min-assurance: 2
  all: [{ id: person, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }]
policy: { permit: [{ id: all, when: "true" }], forbid: [] }
approval: []
generate: { api-key: { prefix: acme } }
deliver: { to: [vault/reports] }
activate: { when: issued }`,
  ],
  check: (subject) => {
    const { activate, issues } = subject.definition;
    if (activate.when === 'issued' && LOOKED_UP.has(issues))
      return [
        { rule: 'activate', at: 'activate.when', message: `a ${issues} that is active as soon as it exists` },
      ];
    if (activate.when !== 'confirmed') return [];
    if (activate.by !== 'owner')
      return [
        {
          rule: 'activate',
          at: 'activate.by',
          message: `confirmed by \`${activate.by ?? ''}\`, not by the owner`,
        },
      ];
    return confirmedByAsker(subject);
  },
};

function confirmedByAsker({ definition, inquiry }: Subject): readonly Found[] {
  const demand = inquiry.model.demands.find(({ stage }) => stage === 'activate');
  if (demand === undefined) return [];
  const requester: readonly PersonFlag[] = 'from' in definition.request.by ? ['asker'] : ['owner', 'actor'];
  for (const each of requester.filter((word) => !demand.who.without.includes(word))) {
    const example = exampleOf(inquiry, inquiry.plain, {
      statements: [...issued(inquiry), demand.known[each]],
      demands: inquiry.model.demands,
      unmet: { ...demand, who: { ...demand.who, without: [...demand.who.without, each] } },
    });
    if (example !== null)
      return [{ rule: 'activate', at: 'activate.not', message: 'who asked may confirm', example }];
  }
  return [];
}
