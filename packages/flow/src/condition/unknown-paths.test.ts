import { describe, expect, test } from 'vitest';
import { ACME, ACME_FLOWS, acmeWith, compileText, problemsOf, sha256 } from '../artefact/acme.test.ts';
import { loadSet } from '../artefact/load-set.ts';

const flow = (name: string): string => ACME_FLOWS.find(({ path }) => path.includes(name))!.text;
function said(name: string, from: string, to: string): readonly string[] {
  if (!flow(name).includes(from)) throw new Error(`no ${from}`);
  return compileText(flow(name).replace(from, () => to)).problems;
}

describe('a path that no fact can have is an error', () => {
  test('W014 a misspelt `has` that makes a condition always true is found, at its place', () => {
    const permit = 'when: request.target == "staging"';
    const [problem] = said('ci-deploy', permit, "when: '!(evidence.github has ref_protectd)'");
    expect(problem).toMatch(/^f\.yaml:\d+:36: nothing is called `evidence\.github\.ref_protectd`$/);
    expect(
      said('ci-deploy', permit, 'when: request.target == "staging" || !(identity has serail)')[0],
    ).toContain('nothing is called `identity.serail`');
    expect(said('ci-deploy', permit, "when: '!(evidence has gitlab.ref)'")[0]).toContain(
      'nothing is called `evidence.gitlab.ref`',
    );
    expect(said('ci-deploy', permit, "when: '!(evidence.github has ref_protected)'")).toEqual([]);
    expect(said('ci-deploy', permit, "when: '!(identity has serial)'")).toEqual([]);
  });

  test.each([
    [
      'device',
      'same-as: identity.serial',
      'same-as: identity.serail',
      'proof registry, serial: nothing is called `identity.serail`',
    ],
    [
      'ci-deploy',
      'subject: identity.uri',
      'subject: identity.url',
      'generate, subject: nothing is called `identity.url`',
    ],
    [
      'agent-tool',
      'subject: evidence.person.subject',
      'subject: evidence.persn.subject',
      'generate, subject: nothing is called `evidence.persn.subject`',
    ],
    [
      'agent-tool',
      'act: identity.uri',
      'act: identity.name',
      'generate, act: nothing is called `identity.name`',
    ],
    [
      'integration',
      'cidr: identity.egress',
      'cidr: identity.egres',
      'bind, source: nothing is called `identity.egres`',
    ],
    [
      'integration',
      'shows: [request.environment',
      'shows: [request.enviroment',
      'activate, shows: nothing is called `request.enviroment`',
    ],
    [
      'agent-tool',
      'shows: [request.task',
      'shows: [request.tsk',
      'approval first-issue-review, shows: nothing is called `request.tsk`',
    ],
  ])('S3.14 outside conditions too: %s, %s', (name, from, to, message) => {
    expect(said(name, from, to)).toEqual([`f.yaml:1:1: ${message}`]);
  });

  test('what only a page can show may be shown', () => {
    expect(flow('agent-tool')).toContain('identity.changes');
    expect(flow('integration')).toContain('expiry');
    expect(problemsOf(loadSet(ACME, sha256))).toEqual([]);
  });

  test('one problem bars the whole set', () => {
    expect(
      loadSet(
        acmeWith('flows/device-certificate.flow.yaml', 'san: identity.uri', 'san: identity.urn'),
        sha256,
      ).set,
    ).toBeNull();
  });
});
