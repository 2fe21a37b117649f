import { type Assertion, type Session, WritError } from '@writ/core';
import type { Engine, SignedIn } from '@writ/engine';
import { rolesOf } from '@writ/flow';
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from '../compose.ts';
import { isSampleEvidence, isSamplePerson, sampleEvidence } from './sample-evidence.ts';
import type { SampleKey, SampleKeys } from './sample-keys.ts';

/** What every passkey of a sample person is called, in lists and in the ledger. */
const PASSKEY_LABEL = 'software authenticator (sample)';

export interface SamplePerson {
  readonly person: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}

/** People to try Writ out with: one may be all of them. */
export interface SamplePeople {
  list(): Promise<readonly SamplePerson[]>;
  /** Opens a session without an identity provider, and gives the person a software passkey. @throws WritError `unknown` */
  signIn(person: string): Promise<SignedIn>;
  /** Signs with the passkey of whoever is signed in, who is asked nothing. @throws WritError `refused` for real people */
  assert(session: Session, challenge: Uint8Array): Promise<Assertion>;
}

export interface SampleOptions {
  readonly engine: Engine;
  readonly keys: SampleKeys;
  /** by which people sign in */
  readonly anchor: string;
  readonly publicUrl: string;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

export function createSamplePeople({ engine, keys, anchor, publicUrl, now }: SampleOptions): SamplePeople {
  const { hostname: rpId, origin } = new URL(publicUrl);
  let last: Promise<unknown> = Promise.resolve();

  const authenticatorOf = (key: SampleKey): SoftwareAuthenticator =>
    createSoftwareAuthenticator({
      privateKey: key.privateKey,
      id: Buffer.from(key.id, 'base64url'),
      rpId,
      origin,
    });

  /** A key is kept before its leaf is made: one whose leaf never came is replaced by the next. */
  const passkeyOf = async (person: string): Promise<SoftwareAuthenticator> => {
    const active = await engine.people.authenticators(person);
    const kept = keys.find(person);
    if (kept !== null && active.some(({ id }) => id === kept.id)) return authenticatorOf(kept);
    const made = authenticatorOf(keys.make(person));
    await engine.people.addSample(person, PASSKEY_LABEL, (challenge) => made.register(challenge));
    return made;
  };

  /** One after another, so that nobody gets two passkeys by being asked for twice at once. */
  const passkey = async (person: string): Promise<SoftwareAuthenticator> => {
    const next = last.then(async () => passkeyOf(person));
    last = next.catch(() => undefined);
    return next;
  };

  return {
    list: async () => {
      const set = await engine.artefacts();
      return set.people.filter(isSamplePerson).map(({ id, name }) => {
        const groups = [...set.groups.values()].filter(({ members }) => members.includes(id));
        const member = { groups: groups.map((group) => group.id) };
        return { person: id, name, ...member, roles: rolesOf(set, member) };
      });
    },
    signIn: async (id) => {
      const set = await engine.artefacts();
      const person = set.people.filter(isSamplePerson).find((each) => each.id === id);
      const believed = set.anchors.get(anchor);
      const evidence = person && believed ? sampleEvidence(believed, person, now()) : null;
      const signedIn = evidence && (await engine.people.signIn(evidence));
      if (!signedIn) throw new WritError('unknown', `there is no sample person \`${id}\``);
      await passkey(id);
      return signedIn;
    },
    assert: async ({ person, evidence }, challenge) => {
      if (!isSampleEvidence(evidence))
        throw new WritError('refused', 'sample passkeys sign for sample people alone');
      return (await passkey(person)).assert(challenge);
    },
  };
}
