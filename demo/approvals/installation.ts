import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACME, type OidcIssuer } from '@writ/testkit';
import type { FactDesk } from './fact-desk.ts';

/** Whom the installation believes. */
export interface Believed {
  /** the people's identity provider */
  readonly workforce: OidcIssuer;
  /** signs the JWT-SVIDs of agents */
  readonly agents: OidcIssuer;
  readonly desk: FactDesk;
}

/** The guardrail that the copy has more than the example: what no flow may exceed. */
export const GUARDRAIL = 'identities-live-half-a-year';

/** A copy of the example that believes the issuers and fact sources of this run, and where people sign in. */
export function prepareInstallation(directory: string, { workforce, agents, desk }: Believed): void {
  cpSync(ACME, directory, { recursive: true });
  edit(directory, 'people.yaml', (text) =>
    text.replaceAll('https://login.acme.example#', `${workforce.issuer}#`),
  );
  for (const [path, { issuer }] of [
    ['anchors/workforce.yaml', workforce],
    ['anchors/agents.yaml', agents],
  ] as const) {
    edit(directory, path, (text) =>
      text.replace(/^issuer: .*$/m, `issuer: ${issuer}\nprivate-addresses: allowed`),
    );
  }
  edit(directory, 'writ.yaml', (text) => `${text}sign-in: { anchor: oidc/workforce }\n`);
  edit(directory, 'guardrails.yaml', (text) => `${text}${GUARDRAIL_TEXT}`);
  edit(directory, 'sources.yaml', () => sourcesOf(desk));
}

/** A text of a file of the example, and what stands in its place. */
export type Edit = readonly [path: string, from: string, to: string];

/** Writes a file of the copy anew; nothing that is not there is edited, and no edit changes nothing. */
export function edit(directory: string, path: string, change: (text: string) => string): void {
  const file = join(directory, path);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing of ${path} is edited`);
  writeFileSync(file, after);
}

const GUARDRAIL_TEXT = `  - id: ${GUARDRAIL}
    because: whoever needs an identity for longer asks again
    issues: [identity]
    max-ttl: 180d
`;

/** Sources that are asked over HTTP, and whose answers are signed. */
function sourcesOf({ origin, jwk }: FactDesk): string {
  const asked = (name: string, type: string, path: string): string => `  - name: ${name}
    kind: http
    type: ${type}
    url: "${origin}${path}"
    max-age: 1s
    private-addresses: allowed
    keys: [${JSON.stringify(jwk)}]
`;
  return `writ: sources/v1
sources:
  - { name: calendar/release, kind: static, type: { one-of: [open, closed] }, value: open }
${asked('risk/agents', '{ score: long }', '/risk/{identity.name}')}${asked(
  'workspaces',
  '{ kind: { one-of: [managed, sandbox, unmanaged] }, region: string }',
  '/workspaces/{identity.name}',
)}${asked(
  'ownership/repositories',
  '{ owner: string, ticket: { one-of: [open, closed, unknown] } }',
  '/ownership?repository={request.repository}&ticket={request.ticket}',
)}`;
}
