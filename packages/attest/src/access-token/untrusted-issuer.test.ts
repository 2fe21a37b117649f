import { expect, test } from 'vitest';
import { untrustedIssuer } from './access-token.ts';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (payload: object): string => `${part({ alg: 'ES256' })}.${part(payload)}.AAAA`;
const SUB = 'spiffe://agents.acme.example/ns/prod';

test.each([
  [{ iss: 'https://issuer.example' }, 'https://issuer.example'],
  [{ iss: 'https://issuer.example', sub: SUB }, 'https://issuer.example'],
  [{ sub: SUB }, 'spiffe://agents.acme.example'],
  [{ iss: '', sub: SUB }, ''],
  [{ iss: null, sub: SUB }, null],
  [{ iss: ['https://issuer.example'], sub: SUB }, null],
  [{ sub: 'spiffe://Agents.acme.example/ns' }, null],
  [{ sub: 'spiffe://agents.acme.example' }, null],
  [{ sub: [SUB] }, null],
  [{ sub: 'someone' }, null],
  [{}, null],
])('S1 who a token says it is of: %j', (payload, issuer) =>
  expect(untrustedIssuer(token(payload))).toBe(issuer),
);

test.each(['', 'x', 'a.b.c', '..'])('what is no token is of nobody: %j', (text) => {
  expect(untrustedIssuer(text)).toBeNull();
});
