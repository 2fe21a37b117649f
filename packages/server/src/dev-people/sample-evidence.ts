import { hash, randomUUID } from 'node:crypto';
import { type Anchor, conforms, type Evidence, type Value } from '@writ/core';
import type { ListedPerson } from '@writ/flow';

/** Names of people who are there to be tried out end so; nobody else can be signed in without an identity provider. */
const LABEL = '(sample)';
/** What the token id of a sample sign-in begins with. */
const MARK = 'sample-';

export function isSamplePerson({ name }: ListedPerson): boolean {
  return name.endsWith(LABEL);
}

/** Whether a session was opened for a sample person, without an identity provider. */
export function isSampleEvidence({ tokenId }: Evidence): boolean {
  return tokenId?.startsWith(MARK) === true;
}

/** How well the identity provider would have known them (`acr`). */
const STRONGEST = 'phishing-resistant';
/** Milliseconds, as if an ID token had been given out for so long. */
const LIFE = 5 * 60_000;

/**
 * What the identity provider of `anchor` would have said of a person, had it been asked; null where they have no subject
 * there. Its token id says that it was not.
 */
export function sampleEvidence(anchor: Anchor, { subjects }: ListedPerson, now: number): Evidence | null {
  const prefix = `${anchor.issuer}#`;
  const subject = subjects.find((each) => each.startsWith(prefix))?.slice(prefix.length);
  if (subject === undefined) return null;
  const tokenId = `${MARK}${randomUUID()}`;
  return {
    anchor: anchor.name,
    role: 'subject',
    issuer: anchor.issuer,
    tokenId,
    digest: hash('sha256', tokenId),
    assurance: anchor.assurance,
    claims: claimsOf(anchor, subject),
    issuedAt: now,
    expiresAt: now + LIFE,
  };
}

function claimsOf({ claims }: Anchor, subject: string): Readonly<Record<string, Value>> {
  const said: Record<string, Value> = {};
  for (const [name, { identifies, type }] of Object.entries(claims)) {
    if (identifies) said[name] = subject;
    else if (name === 'acr' && conforms(STRONGEST, type)) said[name] = STRONGEST;
  }
  return said;
}
