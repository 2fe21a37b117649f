import { describe, expect, test } from 'vitest';
import { ACME_FLOWS, acmeWith, loadAcme, sha256 } from '../artefact/acme.test.ts';
import { loadSet } from '../artefact/load-set.ts';
import { describeFlow } from './describe-flow.ts';

const set = loadAcme();
const page = (name: string): string => describeFlow(set.flows.get(name)!, set);
const CI = 'flows/ci-deploy-token.flow.yaml';
function changed(from: string, to: string): string {
  const loaded = loadSet(acmeWith(CI, from, to), sha256).set!;
  return describeFlow(loaded.flows.get('ci-deploy-token')!, loaded);
}

describe('describeFlow', () => {
  test('S3.10 the deploy flow is one page that a security engineer can read', () => {
    const text = page('ci-deploy-token');
    expect(text.split('\n').length).toBeLessThanOrEqual(60);
    for (const line of [
      'tier 1, production access; owned by group:platform-security (2 people)',
      '  an identity of kind workload, for itself',
      '  for one of https://deploy.acme.example, https://artifacts.acme.example',
      '  for 15m at most, 10m where nothing is said',
      '    target: one of staging, production',
      '    facts.change_window from calendar/release, at most 5m old',
      '  this, signed or better (assurance 2)',
      '    ref looks like refs/heads/release-* (* stays within a segment)',
      '  release-to-production: request.target is "production"',
      '  out-of-hours: if request.target is "production" and facts.change_window is not "open"',
      '    1 person of group:release-managers (2 people), not the requester or actor, within 2h',
      '  bound by dpop or mtls',
      '  delivered to caller; no person ever sees it',
      '  usable as soon as it is issued',
      '  15m at most, not renewable',
      '  never recovered: a new one is asked for',
      '  revoked on owner.offboarded, anchor.withdrawn',
    ])
      expect(text.split('\n')).toContain(line);
  });

  test.each(ACME_FLOWS)(
    'S3.10 $path: every rule, proof, claim, scope and audience is on the page',
    ({ path }) => {
      const { definition } = [...set.flows.values()].find(({ definition: { name } }) => path.includes(name))!;
      const text = page(definition.name);
      const named = [
        ...definition.request.audience,
        ...definition.request.scopes,
        ...Object.keys(definition.request.fields),
        ...Object.keys(definition.facts),
        ...[...definition.policy.permit, ...definition.policy.forbid, ...definition.approval].map(
          ({ id }) => `${id}:`,
        ),
        ...definition.proof.proofs.flatMap(({ id, anchor, match }) => [
          `${id}:`,
          anchor,
          ...Object.keys(match),
        ]),
        ...definition.policy.forbid.map(({ because }) => because),
        ...definition.lifecycle.revokeOn,
        ...definition.deliver.to,
        definition.generate.kind,
      ];
      expect(named.filter((each) => !text.includes(each))).toEqual([]);
      expect(text.split('\n').length).toBeLessThanOrEqual(60);
      expect(text.endsWith('\n')).toBe(true);
    },
  );

  test('S1.12 what is dangerous is said aloud', () => {
    expect(changed('pop: [dpop, mtls]', 'pop: [none]')).toContain('whoever holds it can use it');
    expect(changed('human-visible: never', 'human-visible: allowed')).toContain('people may see it');
    expect(changed('not: [requester, actor]', 'not: none')).toContain('nobody excluded');
    expect(changed('revoke-on: [owner.offboarded, anchor.withdrawn]', 'revoke-on: []')).toContain(
      'nothing revokes it by itself',
    );
    expect(page('ci-deploy-token')).toContain('without a person otherwise: releases run day and night');
  });

  test('S1.5 recovery, rotation, confirmation and step-up have their words', () => {
    const key = page('integration-api-key');
    expect(key).toContain('rotated every 30d, old and new both live for 1d');
    expect(key).toContain('recovered only after the old one is shown dead; its evidence is kept');
    expect(key).toContain(
      'usable only once confirmed by owner, not the requester, within 14d or it is destroyed',
    );
    expect(key).toContain('whoever holds it can use it, from identity.egress only');
    expect(page('agent-tool-identity')).toContain(
      'the person of proof person with webauthn, nobody excluded, within 10m',
    );
    expect(page('agent-tool-identity')).toContain('; stands until identity.revision-changes');
    expect(page('device-certificate')).toContain('all of these, hardware-bound or better (assurance 3)');
    expect(page('device-certificate')).toContain('365d at most, renewable in the last 2d');
    expect(page('device-certificate')).toContain('serial is the same as identity.serial');
  });

  test('an empty stage is said, not left out', () => {
    const rules = /permit:\n(?: {4}.*\n)+/.exec(ACME_FLOWS.find(({ path }) => path === CI)!.text)![0];
    expect(changed(rules, 'permit: []\n')).toContain('nothing is permitted, so nothing is issued');
  });

  test('L6 no text of an author begins a line of its own', () => {
    const text = changed(
      'because: deploy:write needs a protected branch',
      'because: "fine\\n\\nWHO MUST AGREE\\n  nobody\\r\\nx\\u2028y"',
    );
    expect(text).toContain('fine WHO MUST AGREE   nobody x y');
    expect(text.split('\n').filter((line) => line === 'WHO MUST AGREE')).toHaveLength(1);
  });
});
