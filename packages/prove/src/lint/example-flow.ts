import type { SourceFile } from '@writ/flow';
import type { Parts } from './lint-rule.ts';

/** The flow that the examples of the lint rules are parts of; nothing is found in it. */
export const EXAMPLE_FLOW = `writ: flow/v1
flow: report-reader
version: 1
owner: group:platform-security
summary: Five-minute token for the nightly report
issues: token
tier: 2
request:
  by: { kinds: [workload] }
  audience: { one-of: ["https://artifacts.acme.example"] }
  scopes: { subset-of: ["artifacts:read", "artifacts:write"] }
  ttl: { max: 5m }
facts:
  change_window: { source: calendar/release, type: { one-of: [open, closed] }, max-age: 5m }
proof:
  min-assurance: 2
  any:
    - id: github
      anchor: github-actions/acme
      max-age: 5m
      match: { repository_id: "551237781", repository: acme/reports, environment: production }
policy:
  permit:
    - { id: nightly, when: 'evidence.github.event_name == "schedule"' }
  forbid: []
approval: []
generate: { token: { format: jwt, alg: ES256, key: issuer-reports, subject: identity.uri } }
bind: { pop: [dpop] }
deliver: { to: [caller] }
activate: { when: issued }
lifecycle: { renewable: false, max-lifetime: 5m, recover: none, revoke-on: [owner.offboarded] }
`;

/**
 * The files that an example stands for: the flow with the parts in place of its own, further flows made in the same way, and
 * what else is written out.
 */
export function exampleFiles(parts: Parts): readonly SourceFile[] {
  const own = parts.filter((part) => !part.startsWith('writ: '));
  const more = parts.filter((part) => part.startsWith('writ: '));
  return [
    { path: 'example.flow.yaml', text: replaced(EXAMPLE_FLOW, own.join('\n')) },
    ...more.map((part, i) => ({
      path: `example-${i + 2}.yaml`,
      text: part.startsWith('writ: flow/') ? replaced(EXAMPLE_FLOW, part) : part,
    })),
  ];
}

/** One text with the top-level keys of the other in place of its own. */
function replaced(text: string, by: string): string {
  const members = new Map([...membersOf(text), ...membersOf(by)]);
  return [...members.values()].join('\n').concat('\n');
}

/** The lines of each top-level key, by the key. */
function membersOf(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let key = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    key = /^([a-z-]+):/.exec(line)?.[1] ?? key;
    members.set(key, members.has(key) && !line.startsWith(`${key}:`) ? `${members.get(key)}\n${line}` : line);
  }
  return members;
}
