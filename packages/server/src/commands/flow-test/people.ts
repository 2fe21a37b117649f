import { generateKeyPairSync } from 'node:crypto';
import { type Session, WritError } from '@writ/core';
import type { Engine } from '@writ/engine';
import type { ArtefactSet } from '@writ/flow';
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from '../../compose.ts';
import { seeded, type TestKeys } from './test-keys.ts';

/** A person who has signed in, with a passkey in software. */
export interface TestPerson {
  readonly session: Session;
  readonly passkey: SoftwareAuthenticator;
}

export interface People {
  /** Signs a person in where they can be, once a test. @throws WritError `invalid` where nobody could know them */
  person(id: string): Promise<TestPerson>;
}

/** How strongly people sign in where an anchor asks (`acr`). */
const STRONGEST = 'phishing-resistant';

export function createPeople(
  engine: Engine,
  set: ArtefactSet,
  keys: TestKeys,
  publicUrl: string,
  now: () => number,
): People {
  const { hostname: rpId, origin } = new URL(publicUrl);
  const passkeys = new Map<string, SoftwareAuthenticator>();
  let signIns = 0;

  const signIn = async (id: string): Promise<Session> => {
    const person = set.people.find((each) => each.id === id);
    if (person === undefined) throw new WritError('invalid', `\`${id}\` is nobody of the artefact set`);
    for (const anchor of set.anchors.values()) {
      const prefix = `${anchor.issuer}#`;
      const subject = person.subjects.find((each) => each.startsWith(prefix))?.slice(prefix.length);
      if (anchor.kind !== 'oidc' || subject === undefined) continue;
      signIns += 1;
      const iat = Math.floor(now() / 1000);
      const jti = seeded('sign-in', id, signIns).toString('hex');
      const own = { iss: anchor.issuer, aud: anchor.audience, iat, exp: iat + 300, jti };
      const acr = Object.hasOwn(anchor.claims, 'acr') ? { acr: STRONGEST } : {};
      const signedIn = await engine.people.signInWith(
        keys.token(anchor, { ...own, sub: subject, ...acr }),
        anchor.name,
      );
      if ('session' in signedIn) return signedIn.session;
    }
    throw new WritError('invalid', `no anchor of kind oidc knows \`${id}\`: people sign in by one`);
  };

  const passkeyOf = async (id: string): Promise<SoftwareAuthenticator> => {
    const known = passkeys.get(id);
    if (known !== undefined) return known;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const made = createSoftwareAuthenticator({ privateKey, id: seeded('passkey', id), rpId, origin });
    await engine.people.addSample(id, 'flow test', (challenge) => made.register(challenge));
    passkeys.set(id, made);
    return made;
  };

  return {
    // Sessions end, and tests let hours pass: everybody signs in anew.
    person: async (id) => ({ session: await signIn(id), passkey: await passkeyOf(id) }),
  };
}
