import { hash, randomUUID } from 'node:crypto';
import {
  type Browser,
  createBrowser,
  createSoftwarePasskey,
  type OidcIssuer,
  type PersonId,
  type SoftwarePasskey,
  SUBJECTS,
} from '@writ/testkit';
import type { Canary } from '../canary.ts';
import { must, Unexpected } from '../expect.ts';
import { member, text } from '../json.ts';

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A person of the company at a browser: signed in at the identity provider, with a passkey in software. */
export interface Person {
  readonly id: PersonId;
  /** credential id */
  readonly passkey: string;
  signIn(): Promise<void>;
  /** Adds the passkey, by the secret of an invitation. */
  enrol(invitation: string): Promise<ApiAnswer>;
  /** The secret of a one-time link for somebody else; this person must be an administrator. */
  invite(person: PersonId): Promise<string>;
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body: object): Promise<ApiAnswer>;
  /** Approves what a run asks of them, after looking at it: the browser computes itself what the passkey then signs. */
  approve(run: string, rule: string): Promise<ApiAnswer>;
  /** The assertion that `approve` would send: for those who would use it elsewhere. */
  assertion(run: string, rule: string): Promise<unknown>;
}

export interface PersonOptions {
  readonly id: PersonId;
  /** Writ's public URL */
  readonly url: string;
  readonly workforce: OidcIssuer;
  readonly canary: Canary;
}

export function createPerson({ id, url, workforce, canary }: PersonOptions): Person {
  const browser: Browser = createBrowser(url);
  const passkey = createPasskey(id, url, canary);

  const call = async (path: string, body?: object): Promise<ApiAnswer> => {
    const { status, text: answer } = await browser.ask(`/api/v1${path}`, body);
    // An invitation is told once, to whoever makes it; no other answer holds anything that opens something.
    if (!path.endsWith('/invitations')) canary.hear(`the API's answer to ${path}`, answer);
    return { status, body: answer.startsWith('{') ? JSON.parse(answer) : answer };
  };

  const challenged = async (run: string, rule: string): Promise<ApiAnswer> =>
    call(`/runs/${run}/challenge`, { rule, decision: 'approve' });

  const sign = (run: string, rule: string, { body }: ApiAnswer): unknown =>
    passkey.assert(challengeOf(id, run, rule, body));

  return {
    id,
    passkey: passkey.id,
    signIn: async () => {
      workforce.atTheBrowser({ sub: SUBJECTS[id], acr: 'phishing-resistant' });
      const { status, text: page } = await browser.open('/sign-in');
      canary.hear(`the page after the sign-in of ${id}`, page);
      if (status !== 200) throw new Unexpected(`the sign-in of ${id}`, 'a page that says so', page);
      for (const [name, { value }] of browser.cookies) canary.learn(`the cookie ${name} of ${id}`, value);
    },
    enrol: async (invitation) => {
      const { body } = await call('/passkeys/challenge', { event: 'authenticator-added' });
      const registration = passkey.register(Buffer.from(text(body, 'challenge'), 'base64url'));
      const nonce = text(body, 'nonce');
      return call('/passkeys', { nonce, registration, label: 'a passkey in software', invitation });
    },
    invite: async (person) => {
      const { body } = await call('/passkeys/challenge', { event: 'invited', person });
      const assertion = passkey.assert(Buffer.from(text(body, 'challenge'), 'base64url'));
      const nonce = text(body, 'nonce');
      const made = await call(`/people/${encodeURIComponent(person)}/invitations`, { nonce, assertion });
      must(`the invitation of ${person}`, 201, made.status);
      const secret = new URL(text(made.body, 'url')).hash.slice(1);
      canary.learn(`the invitation of ${person}`, secret);
      return secret;
    },
    get: (path) => call(path),
    post: (path, body) => call(path, body),
    approve: async (run, rule) => {
      const asked = await challenged(run, rule);
      if (asked.status !== 200) return asked;
      const assertion = sign(run, rule, asked);
      return call(`/runs/${run}/approve`, { rule, nonce: text(asked.body, 'nonce'), assertion });
    },
    assertion: async (run, rule) => sign(run, rule, await challenged(run, rule)),
  };
}

function createPasskey(id: PersonId, url: string, canary: Canary): SoftwarePasskey {
  const { hostname: rpId, origin } = new URL(url);
  const passkey = createSoftwarePasskey({ rpId, origin, seed: randomUUID() });
  canary.learnKey(`the passkey of ${id}`, passkey.privateKey);
  return passkey;
}

/**
 * What is to be signed, computed here from the plan that is shown, as a page does it.
 * @throws Unexpected where the server asks for anything else
 */
function challengeOf(approver: PersonId, run: string, rule: string, asked: unknown): Uint8Array {
  const digest = hash('sha256', canonical(member(asked, 'view', 'planJson')));
  must('the digest, computed from the plan that is shown', text(asked, 'digest'), digest);
  const nonce = text(asked, 'nonce');
  const decided = canonical({ approver, decision: 'approve', digest, nonce, rule, run });
  const challenge = hash('sha256', `writ/approval/1\n${decided}`, 'buffer');
  must('the challenge, computed from that digest', text(asked, 'challenge'), challenge.toString('base64url'));
  return challenge;
}

/** JSON with the members of every object in order, without spaces (RFC 8785, as far as plans need it). */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
