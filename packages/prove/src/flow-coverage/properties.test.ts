import { AGENT_FLOW, DEPLOY_FLOW, loadAcme } from '@writ/testkit/facts';
import { describe, expect, test } from 'vitest';
import { decideProperties, type PropertyResult } from './properties.ts';

const { set } = loadAcme();

function decided(
  name: string,
  kind: 'never' | 'reachable',
  text: string,
  budget = 2_000_000,
): PropertyResult {
  const flow = set.flows.get(name);
  if (flow === undefined) throw new Error(name);
  const [result] = decideProperties({ flow, set }, [{ kind, text, line: 1 }], budget);
  if (result === undefined) throw new Error('not decided');
  return result;
}

describe('S3.3 a property is decided for all requests', () => {
  test.each([
    [DEPLOY_FLOW, 'outcome.issued && grant.ttl > duration("15m")', true],
    [DEPLOY_FLOW, 'outcome.issued && grant.ttl > duration("14m59s")', false],
    [DEPLOY_FLOW, 'outcome.issued && evidence.github.repository != "acme/payments"', true],
    [DEPLOY_FLOW, 'outcome.issued && evidence.github.ref != "refs/heads/release-1"', false],
    [
      DEPLOY_FLOW,
      'outcome.issued && request.target == "production" && facts.change_window != "open" && approvals("group:release-managers") < 1',
      true,
    ],
    [
      DEPLOY_FLOW,
      'outcome.issued && facts.change_window != "open" && approvals("group:release-managers") < 1',
      false,
    ],
    [
      DEPLOY_FLOW,
      'outcome.issued && request.target == "production" && facts.change_window != "open" && approvals("group:release-managers") < 2',
      false,
    ],
    [
      DEPLOY_FLOW,
      'outcome.issued && request.target == "production" && facts.change_window != "open" && approvals("group:security-reviewers") < 1',
      false,
    ],
    [
      AGENT_FLOW,
      'outcome.issued && request.scopes.contains("shell:exec") && approvals("group:security-reviewers") <= 1',
      true,
    ],
    [
      AGENT_FLOW,
      'outcome.issued && request.scopes.contains("shell:exec") && approvals("group:security-reviewers") <= 2',
      false,
    ],
    [AGENT_FLOW, 'outcome.issued && (facts.risk.score >= 70 || facts.risk.score >= 80)', true],
  ])('%s never %s: %s', (name, text, holds) => {
    const result = decided(name, 'never', text);
    expect(result.because).toBeNull();
    expect(result.holds).toBe(holds);
    expect(result.example === null).toBe(holds);
  });

  test('what is reachable is shown', () => {
    expect(decided(DEPLOY_FLOW, 'reachable', 'outcome.issued && request.target == "staging"')).toMatchObject({
      holds: true,
      example: { decides: { outcome: 'issue' } },
    });
    expect(decided(DEPLOY_FLOW, 'reachable', 'outcome.issued && request.target == "canary"').holds).toBe(
      false,
    );
  });

  test.each([
    ['request.target == "staging"', 'begins with `outcome.issued`'],
    ['!outcome.issued', 'begins with `outcome.issued`'],
    ['outcome.issued && request.target == "a" || request.target == "b"', 'beside `||`'],
    ['outcome.issued && request.targt == "a"', 'targt'],
    ['outcome.issued && approvals("group:x") >= 1', 'is compared with a number by `<`'],
    ['outcome.issued && !(approvals("group:x") < 1)', 'is compared with a number by `<`'],
    ['outcome.issued && evidence.github.ref_protected == "true"', 'ref_protected'],
  ])('%s is not understood, and so does not hold', (text, message) => {
    const result = decided(DEPLOY_FLOW, 'never', text);
    expect(result.holds).toBe(false);
    expect(result.because).toContain(message);
  });

  test('words of properties inside a text are text', () => {
    const text = 'outcome.issued && evidence.github.environment == "outcome.issued approvals(grant.ttl)"';
    expect(decided(DEPLOY_FLOW, 'never', text)).toMatchObject({ holds: true, because: null });
  });

  test('what the budget does not settle does not hold', () => {
    const result = decided(DEPLOY_FLOW, 'never', 'outcome.issued && grant.ttl > duration("15m")', 0);
    expect(result.holds).toBe(false);
    expect(result.because).not.toBeNull();
  });
});
