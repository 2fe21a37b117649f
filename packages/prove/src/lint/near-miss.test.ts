import { describe, expect, test } from 'vitest';
import { lintParts } from './around.test.ts';
import type { Finding } from './finding.ts';

/** One edit of the flow the examples are parts of, and the rules that find it: none where it is only nearly bad. */
export type Case = readonly [edit: string, parts: readonly string[], found: readonly string[]];

export const github = (match: string): string => `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: github-actions/acme, max-age: 5m, match: { ${match} } }`;

export const gitlab = (match: string): string => `proof:
  min-assurance: 2
  any:
    - { id: github, anchor: gitlab-ci/acme, max-age: 5m, match: { ${match} } }
policy: { permit: [{ id: nightly, when: 'evidence.github.pipeline_source == "schedule"' }], forbid: [] }`;

export const request = (more: string): string => `request:
  by: { kinds: [workload] }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ${more}`;

export const policy = (permit: string, ...forbid: readonly string[]): string => `policy:
  permit:
    - { id: nightly, when: '${permit}' }
  forbid: [${forbid.map((when, i) => `{ id: f${i}, because: a test, when: '${when}' }`).join(', ')}]`;

export const approval = (when: string, require = '', more = ''): string => `approval:
  - id: review
    when: '${when}'
    require: { from: group:security-reviewers${require} }
    expires: 1h
    reuse: none
${more}`;

export const WRITES = 'request.scopes.contains("artifacts:write")';
export const NIGHTLY = 'evidence.github.event_name == "schedule"';

/** Asked for by people, and kept out of their sight. */
export const PEOPLE = `request:
  by: { from: group:integration-developers }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ttl: { max: 5m }
proof:
  min-assurance: 2
  all: [{ id: person, anchor: oidc/workforce, max-age: 12h, match: { acr: phishing-resistant } }]
policy: { permit: [{ id: all, when: 'true' }], forbid: [] }
deliver: { to: [vault/reports] }`;

export const lifecycle = (more: string, most = '5m'): string =>
  `lifecycle: { renewable: false, max-lifetime: ${most}, ${more}recover: none, revoke-on: [owner.offboarded] }`;

export const risk = (when: string): string =>
  `facts: { risk: { source: risk/agents, type: { score: long }, max-age: 60s } }\n${approval(when)}`;

/** What an example shows is what the real decision said of it. */
function expectShown({ id, example }: Finding): void {
  if (example === null) return;
  expect(example.decides.replayed).toBe('decide');
  expect(example.decides.outcome).toBe(id === 'W003' ? 'refused' : 'issue');
}

/** Tests named by the rule and the edit. */
export function nearMisses(rules: Readonly<Record<string, readonly Case[]>>): void {
  describe.each(Object.entries(rules))('%s', (_, cases) => {
    test.each(cases)('%s', (_edit, parts, expected) => {
      const found = lintParts(...parts);
      expect(found.map(({ id }) => id)).toEqual(expected);
      found.forEach(expectShown);
    });
  });
}

nearMisses({ 'the flow that is edited': [['not at all', [], []]] });
