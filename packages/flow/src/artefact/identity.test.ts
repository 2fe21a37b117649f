import { describe, expect, test } from 'vitest';
import { saidAfter } from './acme.test.ts';

describe('identities and entitlements', () => {
  test.each([
    [
      'spiffe://acme.example/workload/svc-payments',
      'spiffe://acme.example',
      '`spiffe://acme.example` is not a SPIFFE ID',
    ],
    [
      'kind: device',
      'kind: printer',
      'expected one of workload, service-account, device, agent, integration, found `printer`',
    ],
    ['serial: SN-0042, ', '', 'an identity of kind device needs `serial`'],
    ['    owner: user:ana\n', '', '`owner` is missing'],
    ['    deputy: group:platform-security\n', '', '`deputy` is missing'],
    ['    purpose: deploys the payments service\n', '', '`purpose` is missing'],
    [
      'expires: 2030-01-01T00:00:00Z',
      'expires: 2030-01-01',
      'expected a time such as 2027-06-30T00:00:00Z, found `2030-01-01`',
    ],
    [
      'name: svc-payments',
      'name: svc payments',
      'expected a name such as `release-to-production`, found `svc payments`',
    ],
  ])('S0.8 S1.6 S3.7 %s → %s', (from, to, message) =>
    expect(saidAfter('identities.yaml', from, to)).toContain(message),
  );

  test('S4.4 no entitlement is for every audience', () => {
    expect(
      saidAfter('entitlements.yaml', '"https://edge.acme.example"', '"https://*.acme.example"'),
    ).toContainEqual(expect.stringContaining('without wildcard'));
  });
});
