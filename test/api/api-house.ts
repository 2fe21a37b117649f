import type { AddressInfo } from 'node:net';
import {
  createSoftwarePasskey,
  type EngineHouse,
  openEngineHouse,
  type SoftwarePasskey,
} from '@writ/testkit';
import type { Edit } from '@writ/testkit/facts';

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A sample person over HTTP: the secret of a session, and a passkey in software. */
export interface ApiPerson {
  readonly id: string;
  readonly secret: string;
  readonly passkey: SoftwarePasskey;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Told>;
  /** `body`: text is sent as it is, anything else as JSON */
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Told>;
  /** Decides with the passkey, over a challenge. */
  decide(run: string, rule: string, decision?: 'approve' | 'confirm'): Promise<Told>;
}

/** The engine house, listening on a port. */
export interface ApiHouse extends AsyncDisposable {
  readonly house: EngineHouse;
  /** where the API is */
  readonly base: string;
  person(id: string): Promise<ApiPerson>;
  ledgerSize(): Promise<number>;
}

const SUBJECTS: Readonly<Record<string, string>> = {
  'user:ana': 'ana-7f3c',
  'user:rui': 'rui-01ab',
  'user:mei': 'mei-9d20',
  'user:tom': 'tom-55e1',
  'user:ida': 'ida-c0de',
};
const SITE = { rpId: 'localhost', origin: 'http://localhost:8420' };

let signIns = 0;

/** Nobody's role sees what is not theirs. */
export const NO_ROLES: readonly Edit[] = [
  [
    'roles.yaml',
    'role: operator, groups: [group:platform-security]',
    'role: operator, groups: [group:nobody]',
  ],
  [
    'roles.yaml',
    'role: responder, groups: [group:security-reviewers, group:integrations]',
    'role: responder, groups: [group:nobody]',
  ],
  ['roles.yaml', 'role: auditor, groups: [group:device-trust]', 'role: auditor, groups: [group:nobody]'],
  ['groups.yaml', 'groups:\n', 'groups:\n  - { id: group:nobody, members: [user:nil] }\n'],
  [
    'people.yaml',
    'people:\n',
    'people:\n  - { id: user:nil, name: Nil, subjects: ["https://login.acme.example#nil"] }\n',
  ],
];

/** Nobody has to approve anything outside production. */
export const NO_APPROVALS: readonly Edit[] = [
  ['flows/identity-issue.flow.yaml', "when: 'true'", "when: 'false'"],
];

export async function openApiHouse(...edits: readonly Edit[]): Promise<ApiHouse> {
  const house = await openEngineHouse({ dev: true, edits });
  await house.house.app.listen({ host: '127.0.0.1', port: 0 });
  // INVARIANT: it listens on a port, so its address is no path.
  const { port } = house.house.app.server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}/api/v1`;
  return {
    house,
    base,
    person: async (id) => apiPerson(house, base, id),
    ledgerSize: async () => (await house.house.store.read.tree()).size,
    [Symbol.asyncDispose]: async () => {
      await house.house.app.close();
      await house.close();
    },
  };
}

async function apiPerson({ engine, clock }: EngineHouse, base: string, id: string): Promise<ApiPerson> {
  signIns += 1;
  const signedIn = await engine.people.signIn({
    anchor: 'oidc/workforce',
    role: 'subject',
    issuer: 'https://login.acme.example',
    tokenId: `api sign-in ${signIns}`,
    digest: signIns.toString(16).padStart(64, '0'),
    assurance: 2,
    claims: { subject: SUBJECTS[id] ?? '', acr: 'phishing-resistant' },
    issuedAt: clock.now() - 1_000,
    expiresAt: clock.now() + 300_000,
  });
  if (signedIn === null) throw new Error(`${id} is linked to nobody`);
  const passkey = createSoftwarePasskey({ ...SITE, seed: `api ${id} ${signIns}` });
  await engine.people.addSample(id, 'a software passkey', (challenge) => passkey.register(challenge));
  const secret = signedIn.secret.reveal();
  const authorization = { authorization: `Bearer ${secret}` };
  const get: ApiPerson['get'] = async (path, headers = {}) =>
    told(await fetch(base + path, { headers: { ...authorization, ...headers } }));
  const post: ApiPerson['post'] = async (path, body = {}, headers = {}) =>
    told(
      await fetch(base + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { ...authorization, 'content-type': 'application/json', ...headers },
      }),
    );
  return {
    id,
    secret,
    passkey,
    get,
    post,
    decide: async (run, rule, decision = 'approve') => {
      const { body } = await post(`/runs/${run}/challenge`, { rule, decision });
      const assertion = passkey.assert(Buffer.from(String(body['challenge']), 'base64url'));
      return post(`/runs/${run}/${decision}`, { rule, nonce: body['nonce'], assertion });
    },
  };
}

export async function told(response: Response): Promise<Told> {
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: typeof parsed === 'object' ? { ...parsed } : {},
  };
}

/** A good request for a reporting service as it is sent; `identity` and `more` over it. */
export function askedBody(
  identity: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    flow: 'identity-issue',
    identity: {
      name: 'svc-reporting',
      kind: 'service-account',
      owner: 'group:platform-security',
      deputy: 'user:rui',
      purpose: 'monthly reports',
      environment: 'staging',
      expires: '2026-12-31T00:00:00Z',
      ...identity,
    },
    audience: 'https://reports.acme.example',
    scopes: ['reports:read'],
    fields: { ticket: 'SEC-1', environments: ['staging'] },
    ...more,
  };
}
