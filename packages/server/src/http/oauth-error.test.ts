import type { Fault } from '@writ/engine';
import { expect, test } from 'vitest';
import { declined, OAuthError } from './oauth-error.ts';

const reason = {
  stage: 'proof',
  rule: 'proof.github.ref',
  message: 'the claim `ref` has a value this flow does not accept',
} as const;
const FAULTS: readonly (readonly [Fault, string, number])[] = [
  ['grant', 'invalid_grant', 400],
  ['target', 'invalid_target', 400],
  ['scope', 'invalid_scope', 400],
  ['details', 'invalid_authorization_details', 400],
  ['ambiguous', 'invalid_request', 400],
  ['dpop-replay', 'invalid_dpop_proof', 400],
  ['contention', 'temporarily_unavailable', 503],
];

test.each(FAULTS)('a caller who may know hears of the fault %s as %s', (fault, code, status) => {
  const error = declined({ outcome: 'declined', fault, reference: 'ref_1', reasons: [reason] });
  expect({ status: error.status, ...error.body }).toMatchObject({
    status,
    error: code,
    writ_ref: 'ref_1',
    writ_rule: reason.rule,
  });
});

test.each(FAULTS)('E1 whoever may not know hears of the fault %s what everybody hears', (fault) => {
  const error = declined({ outcome: 'declined', fault, reference: 'ref_1', reasons: null });
  expect(error.status).toBe(400);
  expect(error.body).toEqual(
    declined({ outcome: 'declined', fault: 'grant', reference: 'ref_1', reasons: null }).body,
  );
  expect(Object.keys(error.body)).toEqual(['error', 'error_description', 'writ_ref']);
});

test('law 14 what would have been accepted is told to nobody', () => {
  const told = { ...reason, claim: 'ref', value: 'refs/heads/main', expected: 'refs/heads/release-*' };
  const { body } = declined({ outcome: 'declined', fault: 'grant', reference: 'ref_1', reasons: [told] });
  expect(JSON.stringify(body)).not.toContain('release-*');
});

test('what helps stands behind what is wrong', () => {
  const { body } = declined({
    outcome: 'declined',
    fault: 'grant',
    reference: 'r',
    reasons: [{ ...reason, help: 'wait' }],
  });
  expect(body['error_description']).toBe(`${reason.message}; wait`);
});

test('L6 a description holds printable ASCII without quotation marks and backslashes, whatever it is made from', () => {
  const { body } = new OAuthError('invalid_request', 'a "b" \\ \u001b[31m\r\n\u202e\u00e9');
  expect(body['error_description']).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
});
