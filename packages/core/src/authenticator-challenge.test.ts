import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { approvalChallenge } from './approval-challenge.ts';
import { type AuthenticatorChange, authenticatorChallenge } from './authenticator-challenge.ts';
import { toHex } from './hash.ts';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const nonce = Buffer.alloc(32, 7).toString('base64url');
const change: AuthenticatorChange = { event: 'authenticator-added', person: 'user:ana', nonce, id: 'AQID' };
const text = (of: AuthenticatorChange): string => toHex(authenticatorChallenge(sha256, of));

describe('what a passkey signs when passkeys change', () => {
  test('is SHA-256 of a domain and the canonical JSON of the change', () => {
    const json = `{"event":"authenticator-added","id":"AQID","nonce":"${nonce}","person":"user:ana"}`;
    expect(text(change)).toBe(createHash('sha256').update(`writ/authenticator/1\n${json}`).digest('hex'));
  });

  test('without an id it is that of a passkey that is only being made', () => {
    const json = `{"event":"authenticator-added","nonce":"${nonce}","person":"user:ana"}`;
    const { id: _id, ...making } = change;
    expect(text(making)).toBe(createHash('sha256').update(`writ/authenticator/1\n${json}`).digest('hex'));
    expect(text({ ...change, id: undefined })).toBe(text(making));
  });

  test('E2 F3 every member changes it', () => {
    const others = [
      { event: 'authenticator-replaced' as const },
      { person: 'user:rui' },
      { nonce: Buffer.alloc(32, 8).toString('base64url') },
      { id: 'AQIE' },
    ].map((other) => text({ ...change, ...other }));
    expect(new Set([text(change), ...others]).size).toBe(5);
  });

  test('F3 it is never what an approval signs', () => {
    const approval = {
      digest: '0'.repeat(64),
      run: 'run_1',
      rule: 'owner',
      approver: 'user:ana',
      decision: 'approve',
      nonce,
    } as const;
    expect(toHex(approvalChallenge(sha256, approval))).not.toBe(text(change));
  });
});
