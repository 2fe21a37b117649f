/** An identity as somebody asks for it. */
export interface AskedFor {
  readonly name: string;
  readonly kind: 'service-account' | 'agent' | 'integration';
  readonly owner: string;
  readonly deputy: string;
  readonly purpose: string;
  readonly environment: string;
  /** how long it is to live */
  readonly days: number;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly keys?: readonly object[];
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

const DAY = 86_400_000;

/** The body of `POST /api/v1/runs`. */
export function requestFor({ days, audience, scopes, fields, ...identity }: AskedFor): object {
  const expires = new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, 'Z');
  return { flow: 'identity-issue', identity: { ...identity, expires }, audience, scopes, fields };
}

export const REPORTS = 'https://reports.acme.example';
export const TOOLS = 'https://tools.acme.example/mcp/crm';
export const BILLING = 'https://billing.acme.example';

/** A service that reads reports, in staging: its owner alone is asked. */
export const REPORTING: AskedFor = {
  name: 'svc-reporting',
  kind: 'service-account',
  owner: 'group:platform-security',
  deputy: 'user:rui',
  purpose: 'monthly reports',
  environment: 'staging',
  days: 90,
  audience: REPORTS,
  scopes: ['reports:read'],
  fields: { repository: 'acme/reporting', ticket: 'SEC-1', environments: ['staging'] },
};

/** The same kind of service in production: a security reviewer is asked as well. */
export const ARCHIVE: AskedFor = {
  ...REPORTING,
  name: 'svc-archive',
  purpose: 'keeps the reports of past years',
  environment: 'production',
  fields: { ...REPORTING.fields, environments: ['production'] },
};

/** What the agent may touch, in its registration and in its tokens. */
export const LIMITS = { data_sets: ['crm-public', 'tickets'], commands: ['git status'] } as const;
const TASK = 'sorts support tickets';

export const TRIAGE: AskedFor = {
  name: 'agent-triage',
  kind: 'agent',
  owner: 'group:ai-platform',
  deputy: 'user:tom',
  purpose: 'sorts support tickets by urgency',
  environment: 'production',
  days: 90,
  attributes: { task: TASK, ...LIMITS },
  audience: TOOLS,
  scopes: ['crm:read'],
  fields: { repository: 'acme/triage', ticket: 'SEC-2', ...LIMITS },
};

/** What the agent asks for when it asks for a token. */
export const TOOL_USE = {
  clientId: TRIAGE.name,
  resource: TOOLS,
  scope: 'crm:read',
  fields: { task: TASK, ...LIMITS },
} as const;

export const NORTHWIND: AskedFor = {
  name: 'northwind-export',
  kind: 'integration',
  owner: 'group:integrations',
  deputy: 'user:ida',
  purpose: 'the accounting partner fetches invoices',
  environment: 'production',
  days: 60,
  attributes: { partner: 'northwind', contact: 'ops@northwind.example', egress: '192.0.2.0/24' },
  audience: BILLING,
  scopes: ['invoice:read'],
  fields: { repository: 'acme/northwind', ticket: 'SEC-3', environments: ['production'] },
};
