import { describe, expect, test } from 'vitest';
import { ACME, acmeWith, problemsOf, sha256 } from './acme.test.ts';
import { loadSet, type SourceFile } from './load-set.ts';

const CI = 'flows/ci-deploy-token.flow.yaml';
const AGENT = 'flows/agent-tool-identity.flow.yaml';
const said = (files: readonly SourceFile[]): readonly string[] => {
  const { set, problems } = loadSet(files, sha256);
  if ((set === null) !== problems.some(({ severity }) => severity === 'error'))
    throw new Error('a set with errors');
  return problemsOf({ problems });
};
const without = (path: string): readonly SourceFile[] => ACME.filter((file) => file.path !== path);

describe('crossCheck', () => {
  test.each([
    [
      CI,
      'anchor: github-actions/acme',
      'anchor: github-actions/other',
      `${CI}:1:1: proof github: no anchor \`github-actions/other\``,
    ],
    [
      CI,
      'environment: production',
      'enviroment: production',
      `${CI}:1:1: proof github: anchor github-actions/acme declares no claim \`enviroment\``,
    ],
    [
      CI,
      'environment: production',
      'toString: production',
      `${CI}:1:1: proof github: anchor github-actions/acme declares no claim \`toString\``,
    ],
    [
      CI,
      'environment: production',
      'environment: { contains: production }',
      `${CI}:1:1: proof github: \`environment\` is no set, so \`contains\` does not fit it`,
    ],
    [
      CI,
      'source: calendar/release',
      'source: calendar/other',
      `${CI}:1:1: fact change_window: no fact source \`calendar/other\``,
    ],
    [
      CI,
      'from: group:release-managers',
      'from: group:nobody',
      `${CI}:1:1: approval out-of-hours: no \`group:nobody\``,
    ],
    [
      CI,
      'owner: group:platform-security',
      'owner: group:nobody',
      `${CI}:1:1: no \`group:nobody\` among the people and groups`,
    ],
    [
      AGENT,
      'from: proof:person',
      'from: proof:persn',
      `${AGENT}:1:1: approval step-up-risk: no proof \`persn\``,
    ],
    [
      'flows/integration-api-key.flow.yaml',
      'from: group:integration-developers',
      'from: group:nobody',
      'flows/integration-api-key.flow.yaml:1:1: request.by: no `group:nobody`',
    ],
    [
      'rights/deploy.yaml',
      'flow: ci-deploy-token',
      'flow: ci-deploy',
      'rights/deploy.yaml:3:5: right payments-deploy: no flow `ci-deploy`',
    ],
    [
      'rights/deploy.yaml',
      'audience: https://deploy.acme.example',
      'audience: https://edge.acme.example',
      'rights/deploy.yaml:3:5: right payments-deploy: flow ci-deploy-token does not issue for `https://edge.acme.example`',
    ],
    [
      'rights/deploy.yaml',
      'owner: group:platform-security',
      'owner: user:nobody',
      'rights/deploy.yaml:3:5: no `user:nobody` among the people and groups',
    ],
    [
      'groups.yaml',
      '[user:ana, user:mei]',
      '[user:ana, user:mallory]',
      'groups.yaml:3:5: group:platform-security: no person `user:mallory`',
    ],
    [
      'audiences.yaml',
      'owner: group:platform-security',
      'owner: user:nobody',
      'audiences.yaml:5:5: no `user:nobody` among the people and groups',
    ],
    [
      'identities.yaml',
      'deputy: group:platform-security',
      'deputy: group:nobody',
      'identities.yaml:4:5: no `group:nobody` among the people and groups',
    ],
    [
      'identities.yaml',
      'owner: user:ana',
      'owner: user:nobody',
      'identities.yaml:4:5: no `user:nobody` among the people and groups',
    ],
  ])('S4.4 S1.9 what is named must be there: %s, %s', (path, from, to, message) => {
    expect(said(acmeWith(path, from, to))).toContain(message);
  });

  test('S4.4 a right for an audience that is not registered', () => {
    const files = acmeWith('audiences.yaml', '"https://deploy.acme.example"', '"https://other.acme.example"');
    expect(said(files)).toContain(
      'rights/deploy.yaml:3:5: right payments-deploy: no audience `https://deploy.acme.example`',
    );
  });

  test.each([
    'anchors/github-actions.yaml',
    'sources.yaml',
    'groups.yaml',
    'people.yaml',
    'audiences.yaml',
    CI,
  ])('S3.14 a file that is missing is an error where it is needed, never permission: %s', (path) => {
    const { set, problems } = loadSet(without(path), sha256);
    expect(set).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  });

  test('S3.13 W031 a missing guardrails file is an error, and `none` must be said aloud', () => {
    const missing = 'no file says `writ: guardrails/v1`; where nothing is bounded it says `guardrails: none`';
    expect(said(without('guardrails.yaml'))).toEqual([expect.stringContaining(missing)]);
    const head = 'writ: guardrails/v1\nowner: group:identity-governance\nguardrails: ';
    const put = (text: string): readonly SourceFile[] => [
      ...without('guardrails.yaml'),
      { path: 'guardrails.yaml', text },
    ];
    expect(said(put(`${head}none\n`))).toEqual([]);
    expect(said(put(`${head}[]\n`))).toEqual([
      'guardrails.yaml:1:1: an empty list of guardrails: write `guardrails: none`',
    ]);
    expect(said([...put(`${head}none\n`), { path: 'more.yaml', text: `${head}none\n` }])).toEqual([
      'more.yaml:1:1: a second guardrails file; there is one per organisation',
    ]);
  });

  const again = (path: string): readonly SourceFile[] => [
    ...ACME,
    { path: 'again.yaml', text: ACME.find((file) => file.path === path)!.text },
  ];
  test.each([
    [CI, 'a second flow `ci-deploy-token`'],
    ['anchors/tpm.yaml', 'a second anchor `tpm/ek-roots-2026`'],
    ['rights/others.yaml', 'a second right `edge-devices`'],
    ['groups.yaml', 'a second group `group:device-trust`'],
    ['people.yaml', 'a second person `user:mei`'],
    ['audiences.yaml', 'a second audience `https://edge.acme.example`'],
    ['sources.yaml', 'a second fact source `workspaces`'],
    ['entitlements.yaml', 'a second entitlement of identity `svc-payments`'],
    ['identities.yaml', 'a second identity `agent-crm`'],
    ['identities.yaml', 'a second identity `spiffe://acme.example/agent/crm`'],
  ])('F5 a name stands once, whatever file it is in: %s', (path, message) => {
    expect(said(again(path))).toContainEqual(
      expect.stringMatching(new RegExp(`^again\\.yaml:\\d+:\\d+: ${message.replaceAll(/[.?]/g, '\\$&')}$`)),
    );
  });
});
