import { createAttestors, EvidenceError } from '@writ/attest';
import {
  type Anchor,
  conforms,
  type Evidence,
  type Identity,
  type Json,
  type Reason,
  type Value,
} from '@writ/core';
import type { ArtefactSet, FlowDefinition } from '@writ/flow';
import { createOidcAttestor, createSpiffeAttestor } from '../../compose.ts';
import { text } from './identity.ts';
import { jsonValue } from './json-value.ts';
import type { Situation } from './situation.ts';
import { seeded, type TestKeys } from './test-keys.ts';

/** Evidence of one proof: what would be sent, and what verification made of it. */
export interface Presented {
  readonly proof: string;
  readonly role: Evidence['role'];
  /** null for a kind whose attestor is not built */
  readonly token: string | null;
  readonly assertion: boolean;
  readonly verified: { readonly evidence: Evidence } | { readonly failure: Reason };
}

/** Seconds that a token of a test lives. */
const LIFE = 300;
const CLIENT_KEY = 'client-key';

export interface Presenter {
  /** Signs what the situation says of each proof, and verifies it with the real attestors. `draw` tells tokens apart. */
  present(
    situation: Situation,
    flow: FlowDefinition<unknown>,
    identity: Pick<Identity, 'name' | 'uri'>,
    at: { readonly now: number; readonly draw: number },
  ): Promise<readonly Presented[]>;
  /** Whether the attestor of every anchor of the flow is built. */
  built(flow: FlowDefinition<unknown>): boolean;
}

export function createPresenter(set: ArtefactSet, keys: TestKeys, issuerUrl: string): Presenter {
  const kinds = [createOidcAttestor(keys), createSpiffeAttestor(keys)];
  const attestor = createAttestors(kinds);
  const known = new Set([...kinds.flatMap((each) => each.kinds), CLIENT_KEY]);
  return {
    built: ({ proof }) => proof.proofs.every(({ anchor }) => known.has(set.anchors.get(anchor)?.kind ?? '')),
    present: async (situation, flow, identity, { now, draw }) => {
      const found: Presented[] = [];
      for (const { id: proof, role, anchor: name } of flow.proof.proofs) {
        const claims = situation.evidence[proof];
        const anchor = set.anchors.get(name);
        if (claims === undefined || anchor === undefined) continue;
        const iat = Math.floor(now / 1000) - (situation.ages[proof] ?? 0);
        const jti = seeded(proof, draw).toString('hex').slice(0, 32);
        const times = { iat, exp: iat + Math.max(LIFE, (situation.ages[proof] ?? 0) + LIFE), jti };
        if (anchor.kind === CLIENT_KEY) {
          // Who speaks for another signs as another, and with a key that is not registered for this one.
          const { subject = identity.uri } = claims;
          const client = subject === identity.uri ? identity.name : `not-${identity.name}`;
          const token = keys.client.sign({ iss: client, sub: client, aud: issuerUrl, ...times });
          const verified = {
            evidence: registered(anchor, client, text(`evidence.${proof}.subject`, subject), token, times),
          };
          found.push({ proof, role, token, assertion: true, verified });
        } else if (known.has(anchor.kind)) {
          const own = { iss: anchor.issuer, aud: anchor.audience, ...times };
          const token = keys.token(anchor, { ...own, ...asIssued(anchor, claims) });
          const verified = await verify(() => attestor.verify(token, anchor, role, now), role);
          found.push({ proof, role, token, assertion: false, verified });
        } else {
          const verified = await verify(async () => recorded(anchor, role, claims, times), role);
          found.push({ proof, role, token: null, assertion: false, verified });
        }
      }
      return found;
    },
  };
}

interface Times {
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** Claims by the names that tokens have for them. */
function asIssued({ claims: schema }: Anchor, claims: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      (Object.hasOwn(schema, name) ? schema[name]?.from : undefined) ?? name,
      value,
    ]),
  );
}

async function verify(work: () => Promise<Evidence>, role: string): Promise<Presented['verified']> {
  try {
    return { evidence: await work() };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    const message = `${error.code}: ${error.message}`;
    return { failure: { stage: 'proof', rule: `evidence.${role}`, message, claim: error.claim } };
  }
}

/** What the engine makes of a client's assertion that a registered key verified. */
function registered(
  anchor: Anchor,
  client: string,
  subject: string,
  token: string,
  { iat, exp, jti }: Times,
): Evidence {
  const digest = seeded(token.slice(0, token.lastIndexOf('.'))).toString('hex');
  return {
    anchor: anchor.name,
    role: 'subject',
    issuer: `client ${client}`,
    tokenId: jti,
    digest,
    assurance: anchor.assurance,
    claims: { subject },
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  };
}

/** Evidence of a kind whose attestor is not built: the claims are believed as they are recorded. */
function recorded(
  anchor: Anchor,
  role: Evidence['role'],
  given: Readonly<Record<string, Json>>,
  { iat, exp, jti }: Times,
): Evidence {
  const claims: Record<string, Value> = {};
  for (const [name, { type, required }] of Object.entries(anchor.claims)) {
    const written = given[name];
    if (written === undefined && !required) continue;
    const value = written === undefined ? undefined : jsonValue(name, written, type);
    if (value === undefined || !conforms(value, type))
      throw new EvidenceError('claim', `\`${name}\` is missing or not of its type`, { claim: name });
    claims[name] = value;
  }
  return {
    anchor: anchor.name,
    role,
    issuer: anchor.issuer,
    tokenId: jti,
    digest: seeded(anchor.name, jti).toString('hex'),
    assurance: anchor.assurance,
    claims,
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  };
}
