/** A good request for a service account of group:platform-security, as the API takes it. */
export function serviceAccount(
  name: string,
  { environment = 'staging', ...identity }: Readonly<Record<string, string>> = {},
): object {
  return {
    flow: 'identity-issue',
    identity: {
      name,
      kind: 'service-account',
      owner: 'group:platform-security',
      deputy: 'user:rui',
      purpose: 'monthly reports',
      environment,
      expires: new Date(Date.now() + 80 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z'),
      ...identity,
    },
    audience: 'https://reports.acme.example',
    scopes: ['reports:read'],
    fields: { ticket: 'SEC-1', environments: [environment] },
  };
}
