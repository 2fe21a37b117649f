import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem, loadForPlan, type SourceFile } from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { root, sha256 } from '../fixture.test.ts';
import type { Finding } from './finding.ts';
import { lint } from './lint.ts';
import type { Lack } from './subject.ts';

const acme = join(root, 'examples/acme');

function filesBelow(directory: string): readonly SourceFile[] {
  return globSync('**/*.yaml', { cwd: directory })
    .filter((path) => path !== 'writ.yaml' && !path.endsWith('.test.yaml'))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(directory, path), 'utf8') }));
}

function linted(files: readonly SourceFile[], lacks: readonly Lack[] = []): readonly Finding[] {
  const { set, problems } = loadForPlan(files, sha256);
  if (set === null) throw new Error(problems.map(formatProblem).join('\n'));
  return lint(set, { files, problems, lacks: new Set(lacks) });
}

function errorsIn(found: readonly Finding[]): readonly string[] {
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ id, flow, rule, message }) => `${id} ${flow} ${rule}: ${message}`);
}

describe('examples/acme', () => {
  test('S3.14 nothing bars its flows from being published', () => {
    expect(errorsIn(linted(filesBelow(acme)))).toEqual([]);
  });

  test('nothing bars its flows by themselves: what is not there is not judged', () => {
    const found = linted(filesBelow(join(acme, 'flows')), ['anchors', 'audiences', 'groups', 'people']);
    expect(errorsIn(found)).toEqual([]);
  });
});

describe('what becomes of the example by one edit', () => {
  const files = filesBelow(acme);
  const edited = (path: string, from: string, to: string): readonly SourceFile[] =>
    files.map((file) => {
      if (file.path !== path) return file;
      if (!file.text.includes(from)) throw new Error(`no ${from}`);
      return { path, text: file.text.replace(from, () => to) };
    });
  const flow = (name: string): string => `flows/${name}.flow.yaml`;
  const AGENT = flow('agent-tool-identity');
  const CI = flow('ci-deploy-token');
  const DEVICE = flow('device-certificate');
  const KEY = flow('integration-api-key');

  test.each<[path: string, from: string, to: string, id: string, rule: string]>([
    [
      CI,
      'ttl:      { max: 15m, default: 10m }',
      'ttl:      { max: 16m, default: 10m }',
      'W003',
      'request.ttl',
    ],
    [CI, 'https://deploy.acme.example', 'https://deploy2.acme.example', 'W004', 'request.audience'],
    [CI, 'not: [requester, actor]', 'not: none', 'W005', 'approval.out-of-hours'],
    [
      CI,
      '        repository_id: "551237781"      # immutable id, not only the name\n',
      '',
      'W007',
      'proof.github.repository',
    ],
    [CI, 'facts.change_window != "open"', 'facts.change_window == "closed"', 'W035', 'approval.out-of-hours'],
    [CI, '[dpop, mtls]', '[mtls]', 'W036', 'bind.pop'],
    [CI, 'revoke-on: [owner.offboarded, ', 'revoke-on: [', 'W019', 'lifecycle.revoke-on'],
    [
      CI,
      '!(evidence.github has ref_protected && evidence.github.ref_protected == "true")',
      '(evidence.github has ref_protected && evidence.github.ref_protected == "false")',
      'W023',
      'policy.forbid.write-only-from-protected',
    ],
    [AGENT, '      redundant: intended\n', '', 'W009', 'policy.forbid.never-above-seventy'],
    [
      AGENT,
      '!identity.revision_reviewed',
      '!identity.revision_reviewed && facts.risk.score >= 70',
      'W010',
      'approval.first-issue-review',
    ],
    [
      AGENT,
      'facts.risk.score >= 30 ||',
      '(facts.risk.score >= 30 && facts.risk.score < 35) ||',
      'W034',
      'approval.step-up-risk',
    ],
    [
      AGENT,
      'count: 2, not: [requester, owner]',
      'count: 4, not: [requester, owner]',
      'W016',
      'approval.shell-two-eyes',
    ],
    [DEVICE, '      redundant: intended\n', '', 'W009', 'policy.forbid.firmware-withdrawn'],
    [DEVICE, '  review-every: 180d\n', '', 'W021', 'lifecycle'],
    [KEY, 'unattended: test keys need', '# unattended: test keys need', 'W001', 'approval'],
    [
      KEY,
      'bind:     { pop: [none], source: { cidr: identity.egress } }',
      'bind:     { pop: [none] }',
      'W013',
      'bind.pop',
    ],
    [KEY, 'to: [kubernetes/payments, vault/billing]', 'to: [caller]', 'W012', 'deliver.to'],
    [KEY, '  overlap: 24h\n', '', 'W020', 'lifecycle.rotate-every'],
    [KEY, '  not: [requester]\n  shows', '  not: none\n  shows', 'W011', 'activate'],
    [
      'groups.yaml',
      'id: group:integrations, members: [user:rui, user:ida]',
      'id: group:integrations, members: [user:rui]',
      'W015',
      'owner',
    ],
  ])('S3.14 %s, %s → %s: %s', (path, from, to, id, rule) => {
    const before = linted(files).map((each) => `${each.id} ${each.flow} ${each.rule}`);
    const fresh = linted(edited(path, from, to)).filter(
      (each) => !before.includes(`${each.id} ${each.flow} ${each.rule}`),
    );
    expect(fresh.map((each) => [each.id, each.rule])).toContainEqual([id, rule]);
  });
});
