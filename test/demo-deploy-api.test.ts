import { createDpopKey, HOSTILE_PROOFS, startOidcIssuer } from '@writ/testkit';
import { expect, test } from 'vitest';
import { startDeployApi } from '../demo/deploy-api.ts';

/** Media types have no case (RFC 7515 §4.1.9), and an address by number has no sub-domain to be changed to. */
const PASSING = ['typ in capitals', 'htu of a sub-domain'];

test('S4.3 D18 D19 the deploy API takes a proof once, for its own token and key, and none of the hostile ones', async () => {
  await using issuer = await startOidcIssuer({ now: Date.now, algorithm: 'ES256' });
  const audience = 'https://deploy.acme.example';
  const options = { issuer: issuer.issuer, jwks: `${issuer.issuer}/jwks`, audience, scope: 'deploy:write' };
  await using api = await startDeployApi({ ...options, log: () => undefined });
  const key = createDpopKey();
  const claims = {
    aud: audience,
    sub: 'x',
    client_id: 'x',
    scope: 'deploy:write',
    cnf: { jkt: key.thumbprint },
  };
  const issue = (changes: object): string =>
    issuer.sign({ ...claims, ...changes }, { header: { typ: 'at+jwt' } });
  const send = async (token: string, proofs: readonly string[]): Promise<number> => {
    const headers = [['authorization', `DPoP ${token}`], ...proofs.map((proof) => ['dpop', proof])] as [
      string,
      string,
    ][];
    return (await fetch(api.url, { method: 'POST', headers })).status;
  };
  const token = issue({});
  const asked = { method: 'POST', url: api.url, now: Date.now(), accessToken: token };
  const prove = (changes: object = {}): string => key.prove({ ...asked, ...changes });

  const proof = prove();
  expect([await send(token, [proof]), await send(token, [proof])]).toEqual([200, 401]);
  expect(await send(token, [prove({ accessToken: issue({}) })])).toBe(401);
  expect(await send(token, [createDpopKey().prove(asked)])).toBe(401);
  for (const changes of [
    { aud: [audience, 'https://b.example'] },
    { scope: 'deploy:read' },
    { exp: 1 },
    { cnf: {} },
  ]) {
    const other = issue(changes);
    expect(await send(other, [prove({ accessToken: other })]), JSON.stringify(changes)).toBe(401);
  }
  const passed = [];
  for (const { name, proofs } of HOSTILE_PROOFS) {
    if ((await send(token, proofs(key, asked))) === 200) passed.push(name);
  }
  expect(passed).toEqual(PASSING);
});
