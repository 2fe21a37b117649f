import { expect, test } from 'vitest';
import { parseForm } from '../form.ts';
import { OAuthError } from '../oauth-error.ts';
import { parseTokenRequest } from './parse-token-request.ts';

const GOOD = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  client_id: 'svc-payments',
  resource: 'https://deploy.acme.example',
  scope: 'deploy:read',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  subject_token: 'a.b.c',
};
type Changes = Readonly<Record<string, string | undefined>>;

function parse(changes: Changes = {}): ReturnType<typeof parseTokenRequest> {
  const pairs = Object.entries({ ...GOOD, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return parseTokenRequest(parseForm(new URLSearchParams(pairs).toString()) ?? new Map());
}

function refusal(changes: Changes): OAuthError {
  try {
    parse(changes);
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(changes)}`);
}

test('M3 an exchange is read as it was meant', () => {
  expect(parse()).toEqual({
    clientId: 'svc-payments',
    tokens: [{ token: 'a.b.c', role: 'subject' }],
    audience: 'https://deploy.acme.example',
    scopes: ['deploy:read'],
    flow: null,
    ttl: null,
    fields: {},
    run: null,
  });
});

test('M2 a JWT bearer grant brings its evidence as assertion', () => {
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  expect(parse({ grant_type, assertion: 'x.y.z' }).tokens).toEqual([{ token: 'x.y.z', role: 'subject' }]);
  expect(refusal({ grant_type }).code).toBe('invalid_request');
});

test('M3 an actor stands beside the subject', () => {
  const actor = { actor_token: 'd.e.f', actor_token_type: 'urn:ietf:params:oauth:token-type:jwt' };
  expect(parse(actor).tokens.map(({ role }) => role)).toEqual(['subject', 'actor']);
});

test('details are read with their types, lists as sets', () => {
  const fields = { text: 'x', whole: 3, yes: true, list: ['b', 'a', 'b'] };
  const authorization_details = JSON.stringify([
    { type: 'writ_issuance', flow: 'ci-deploy-token', ttl: '10m', fields },
  ]);
  expect(parse({ authorization_details })).toMatchObject({
    flow: 'ci-deploy-token',
    ttl: 600,
    fields: { ...fields, list: ['a', 'b'] },
  });
});

const REFUSED: readonly (readonly [code: string, changes: Changes])[] = [
  ['invalid_request', { grant_type: undefined }],
  ['unauthorized_client', { grant_type: 'client_credentials' }],
  ...['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'].map(
    (grant_type) => ['unsupported_grant_type', { grant_type }] as const,
  ),
  ['invalid_request', { client_id: undefined }],
  ['invalid_request', { client_id: 'a b' }],
  ['invalid_request', { client_id: 'a\u0000' }],
  ['invalid_request', { client_id: '\u00e9' }],
  ['invalid_request', { client_id: 'x'.repeat(257) }],
  ['invalid_request', { client_secret: 'x' }],
  ['invalid_request', { client_assertion: 'x' }],
  ['invalid_request', { subject_token: undefined, subject_token_type: undefined }],
  ['invalid_target', { resource: undefined }],
  ['invalid_target', { resource: 'x'.repeat(3_000) }],
  ['invalid_target', { resource: `https://${'x'.repeat(3_000)}` }],
  ['invalid_scope', { scope: undefined }],
  ['invalid_scope', { scope: Array.from({ length: 101 }, (_, i) => `s${i}`).join(' ') }],
  ['invalid_scope', { scope: 'x'.repeat(129) }],
  ['invalid_scope', { scope: 'a"b' }],
  ['invalid_authorization_details', { authorization_details: '[]' }],
  [
    'invalid_authorization_details',
    { authorization_details: '[{"type":"writ_issuance","fields":{"a b":1}}]' },
  ],
  [
    'invalid_authorization_details',
    { authorization_details: '[{"type":"writ_issuance","fields":{"a":1.5}}]' },
  ],
  [
    'invalid_authorization_details',
    {
      authorization_details: `[{"type":"writ_issuance","fields":{"a":${JSON.stringify(Array.from({ length: 1_001 }, String))}}}]`,
    },
  ],
  ['invalid_authorization_details', { authorization_details: `${'['.repeat(1_000)}${']'.repeat(1_000)}` }],
];

test.each(REFUSED)('%s for %j, in words that say what to do', (code, changes) => {
  const { code: said, message, body } = refusal(changes);
  expect(said).toBe(code);
  expect(message).toMatch(/^[a-z]/);
  expect(message).not.toMatch(/\.$/);
  expect(String(body['error_description'])).not.toMatch(/[\p{Cc}"\\]/u);
});
