import type { Anchor } from '@writ/core';
import { anchorOf, GITHUB_CLAIMS, type OidcIssuer, startOidcIssuer } from '@writ/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EvidenceError } from '../evidence-error.ts';
import { createKeyStore, createOidcAttestor } from './oidc.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const SECOND = NOW / 1000;
const AUDIENCE = 'https://writ.acme.example';
const attestor = createOidcAttestor(createKeyStore());
let issuer: OidcIssuer;

beforeAll(async () => {
  issuer = await startOidcIssuer({ now: () => NOW });
});
afterAll(async () => issuer.close());

interface Row {
  readonly abuse: string;
  readonly rule: string;
  readonly code: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly anchor?: Partial<Anchor>;
}

const TYPES = [
  'at+jwt',
  'application/at+jwt',
  'dpop+jwt',
  'client-authentication+jwt',
  'secevent+jwt',
  'logout+jwt',
  'token-introspection+jwt',
  'wit+jwt',
  'wpt+jwt',
  'txntoken+jwt',
  'oauth-id-jag+jwt',
  'statuslist+jwt',
  'jwt',
  'JWT ',
  'JWTx',
  'JOSE',
];
const audiences = (): readonly unknown[] => [
  undefined,
  null,
  '',
  [],
  {},
  [{}],
  [null],
  [[AUDIENCE]],
  [AUDIENCE, 'https://other.example'],
  [AUDIENCE, AUDIENCE],
  [AUDIENCE, null],
  `${AUDIENCE}/`,
  `${AUDIENCE} `,
  `${AUDIENCE}.evil.example`,
  AUDIENCE.slice(0, -1),
  AUDIENCE.toUpperCase(),
  AUDIENCE.replace('https', 'http'),
  'https://github.com/acme',
  'sts.amazonaws.com',
  'api://AzureADTokenExchange',
  1,
  true,
];
const issuers = (): readonly unknown[] => [
  undefined,
  null,
  '',
  `${issuer.issuer}/`,
  `${issuer.issuer}/enterprise`,
  issuer.issuer.replace('http:', 'https:'),
  issuer.issuer.replace('http:', 'HTTP:'),
  issuer.issuer.replace('//', '//user@'),
  `${issuer.issuer}#`,
  [issuer.issuer],
  { toString: 1 },
  'https://token.actions.githubusercontent.com',
];
const NO_TIMES: readonly unknown[] = [
  undefined,
  null,
  '',
  `${SECOND + 60}`,
  SECOND + 60.5,
  1e300,
  -1e300,
  -1,
  true,
  [SECOND + 60],
];

const rows = (): readonly Row[] => [
  ...['none', 'None', 'nOnE', 'HS256', 'RS384', 'rs256', 'RS256 '].map((alg) => ({
    abuse: 'T1',
    rule: `algorithm ${alg}`,
    code: 'algorithm',
    header: { alg },
  })),
  { abuse: 'T1', rule: 'an anchor without algorithms', code: 'algorithm', anchor: { algorithms: [] } },
  {
    abuse: 'T2',
    rule: 'HS256 though the anchor lists it',
    code: 'algorithm',
    header: { alg: 'HS256' },
    anchor: { algorithms: ['HS256'] },
  },
  ...TYPES.map((typ) => ({ abuse: 'T10', rule: `type ${typ}`, code: 'type', header: { typ } })),
  ...audiences().map((aud) => ({
    abuse: 'T11 T12 T13 G9',
    rule: `audience ${JSON.stringify(aud)}`,
    code: 'audience',
    claims: { aud },
  })),
  {
    abuse: 'T12',
    rule: 'an anchor without audience',
    code: 'audience',
    claims: { aud: '' },
    anchor: { audience: '' },
  },
  ...issuers().map((iss) => ({
    abuse: 'G10 P13',
    rule: `issuer ${JSON.stringify(iss)}`,
    code: 'issuer',
    claims: { iss },
  })),
  ...NO_TIMES.map((exp) => ({
    abuse: 'T8 T9',
    rule: `exp ${JSON.stringify(exp)}`,
    code: 'claim',
    claims: { exp },
  })),
  ...NO_TIMES.map((iat) => ({
    abuse: 'T9',
    rule: `iat ${JSON.stringify(iat)}`,
    code: 'claim',
    claims: { iat },
  })),
  ...NO_TIMES.slice(1).map((nbf) => ({
    abuse: 'T9',
    rule: `nbf ${JSON.stringify(nbf)}`,
    code: 'claim',
    claims: { nbf },
  })),
  { abuse: 'T9', rule: 'exp now', code: 'expired', claims: { iat: SECOND - 300, exp: SECOND } },
  { abuse: 'T9', rule: 'exp 0', code: 'expired', claims: { exp: 0 } },
  { abuse: 'T9', rule: 'iat in 61 s', code: 'not-yet-valid', claims: { iat: SECOND + 61 } },
  { abuse: 'T9', rule: 'nbf in 61 s', code: 'not-yet-valid', claims: { nbf: SECOND + 61 } },
  {
    abuse: 'T9',
    rule: 'a life of a day and a second',
    code: 'claim',
    claims: { iat: SECOND, exp: SECOND + 86_401 },
  },
  { abuse: 'T9', rule: 'the last safe second', code: 'claim', claims: { exp: Number.MAX_SAFE_INTEGER } },
  { abuse: 'T5', rule: 'no kid', code: 'key', header: { kid: undefined } },
  ...['../../dev/null', "' OR 1=1 --", 'key-1 ', 'KEY-1', '__proto__', 'constructor'].map((kid) => ({
    abuse: 'T5',
    rule: `kid ${kid}`,
    code: 'key',
    header: { kid },
  })),
  ...[undefined, null, '', 1, 'x'.repeat(257)].map((jti) => ({
    abuse: 'G13',
    rule: `jti ${JSON.stringify(jti)}`.slice(0, 30),
    code: 'claim',
    claims: { jti },
  })),
  ...['cnf', 'act', 'may_act'].map((claim) => ({
    abuse: 'X7 X8',
    rule: `the condition ${claim}`,
    code: 'claim',
    claims: { [claim]: { sub: 'x' } },
  })),
  { abuse: 'G12', rule: 'a missing required claim', code: 'claim', claims: { event_name: undefined } },
  { abuse: 'G12', rule: 'an optional claim of another type', code: 'claim', claims: { run_id: 1 } },
  { abuse: 'G12', rule: 'an optional claim that is null', code: 'claim', claims: { environment: null } },
  { abuse: 'G12', rule: 'ref_protected as a bool', code: 'claim', claims: { ref_protected: true } },
  { abuse: 'G12', rule: 'ref_protected in capitals', code: 'claim', claims: { ref_protected: 'True' } },
  { abuse: 'G12', rule: 'a runner outside the list', code: 'claim', claims: { runner_environment: 'other' } },
  { abuse: 'G12', rule: 'an anchor of another kind', code: 'unsupported', anchor: { kind: 'kubernetes' } },
  {
    abuse: 'G12',
    rule: 'an anchor of a kind on Object.prototype',
    code: 'unsupported',
    anchor: { kind: 'constructor' },
  },
];

test('refuses every row of the table with its code', async () => {
  for (const { abuse, rule, code, claims = {}, header = {}, anchor = {} } of rows()) {
    const token = issuer.sign({ ...GITHUB_CLAIMS, ...claims }, { header });
    const outcome = await attestor.verify(token, anchorOf(issuer, anchor), 'subject', NOW).then(
      () => 'accepted',
      (error: unknown) => (error instanceof EvidenceError ? error.code : String(error)),
    );
    expect(`${abuse} ${rule}: ${outcome}`).toBe(`${abuse} ${rule}: ${code}`);
  }
});
