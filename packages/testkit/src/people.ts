import type { Authenticator, Session } from '@writ/core';
import type { AskedIdentity, RunView } from '@writ/engine';
import type { EngineHouse } from './engine-house.ts';
import { NOON } from './facts.ts';
import { createSoftwarePasskey, type SoftwarePasskey } from './software-passkey.ts';

/** A sample person of the example who has signed in and has a software passkey. */
export interface SignedInPerson {
  readonly id: string;
  readonly session: Session;
  readonly passkey: SoftwarePasskey;
  readonly authenticator: Authenticator;
  /** Approves what a run asks of them, through the engine as a page would. */
  approve(run: string, rule: string): Promise<RunView>;
}

const LOGIN = 'https://login.acme.example';
const SUBJECTS: Readonly<Record<string, string>> = {
  'user:ana': 'ana-7f3c',
  'user:rui': 'rui-01ab',
  'user:mei': 'mei-9d20',
  'user:tom': 'tom-55e1',
  'user:ida': 'ida-c0de',
};

let signIns = 0;

/**
 * Signs a sample person in, phishing-resistantly, and records a passkey of theirs; `under` another of their subjects than that
 * of their login. The house must be a `dev` one.
 */
export async function signedInPerson(
  { engine, clock }: Pick<EngineHouse, 'engine' | 'clock'>,
  id: string,
  under: { readonly issuer: string; readonly subject: string } = {
    issuer: LOGIN,
    subject: SUBJECTS[id] ?? '',
  },
): Promise<SignedInPerson> {
  signIns += 1;
  const session = await engine.people.signIn({
    anchor: 'oidc/workforce',
    role: 'subject',
    issuer: under.issuer,
    tokenId: `sign-in ${signIns}`,
    digest: signIns.toString(16).padStart(64, '0'),
    assurance: 2,
    claims: { subject: under.subject, acr: 'phishing-resistant' },
    issuedAt: clock.now() - 1_000,
    expiresAt: clock.now() + 300_000,
  });
  if (session === null) throw new Error(`${id} is linked to nobody`);
  const site = { rpId: 'localhost', origin: 'http://localhost:8420' };
  const passkey = createSoftwarePasskey({ ...site, seed: `${id} ${signIns}` });
  const authenticator = await engine.people.addSample(id, 'a software passkey', (challenge) =>
    passkey.register(challenge),
  );
  return {
    id,
    session: session.session,
    passkey,
    authenticator,
    approve: async (run, rule) => {
      const about = { run, rule, decision: 'approve' } as const;
      const { nonce, challenge } = await engine.runs.challenge(session.session, about);
      const assertion = passkey.assert(Buffer.from(challenge, 'base64url'));
      return engine.runs.decide(session.session, { ...about, nonce, assertion });
    },
  };
}

/** A good request for a reporting service; `changes` over it. */
export function askedIdentity(
  changes: Partial<AskedIdentity['identity']> = {},
  more: Partial<AskedIdentity> = {},
): AskedIdentity {
  return {
    flow: 'identity-issue',
    identity: {
      name: 'svc-reporting',
      kind: 'service-account',
      owner: 'group:platform-security',
      deputy: 'user:rui',
      purpose: 'monthly reports',
      environment: 'staging',
      expires: NOON + 90 * 86_400_000,
      attributes: {},
      keys: [],
      ...changes,
    },
    replaces: null,
    audience: 'https://reports.acme.example',
    scopes: ['reports:read'],
    fields: { ticket: 'SEC-1', environments: ['staging'] },
    idempotencyKey: null,
    ...more,
  };
}
