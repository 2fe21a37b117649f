import {
  type Commit,
  type CommitResult,
  type Consume,
  type Credential,
  credentialCell,
  WritError,
} from '@writ/core';
import type { ArtefactSet } from '@writ/flow';
import { appendUntilWon, type Won } from './append-until-won.ts';
import { newEntry } from './entry.ts';
import type { InForce } from './in-force.ts';
import { audienceOfClient } from './introspect.ts';
import { liveness } from './live-credential.ts';
import { openCredential } from './opened-credential.ts';
import type { Ports } from './ports.ts';
import { credentialRow } from './stored.ts';

/** Who asks: the resource server of the audience, or whoever holds the key the token is bound to. */
export type Revoker =
  | { readonly kind: 'client'; readonly client: string }
  | { readonly kind: 'holder'; readonly thumbprint: string; readonly proof: Consume };

/**
 * RFC 7009. A token that is unknown, somebody else's, dead or garbled is no error and no effect, and the answer is the
 * same: there is nothing to learn here (I6, I7).
 * @throws WritError `refused` when the proof of a holder was used before
 */
export async function revoke(ports: Ports, inForce: InForce, token: string, by: Revoker): Promise<void> {
  await appendUntilWon(
    async () => {
      const credential = await openCredential(ports, token);
      const set = await inForce.current();
      if (credential === null || !maySee(credential, by, set)) return { done: undefined };
      const alive = await liveness(ports, credential);
      // A frozen credential is dead only for as long as the freeze lasts, so it can be revoked; an ended one cannot.
      if (!alive.live && (alive.because === 'state' || alive.because === 'expired'))
        return { done: undefined };
      return revocation(ports, credential, by, set.hash);
    },
    (commit) => commitUnlessUsed(ports, commit),
  );
}

function maySee(credential: Credential, by: Revoker, set: ArtefactSet): boolean {
  return by.kind === 'holder'
    ? credential.holder !== '' && credential.holder === by.thumbprint
    : audienceOfClient(set, by.client)?.uri === credential.audience;
}

async function revocation(
  ports: Ports,
  credential: Credential,
  by: Revoker,
  artefacts: string,
): Promise<{ readonly commit: Commit; readonly won: (result: Won) => void }> {
  const who = by.kind === 'holder' ? `holder ${by.thumbprint}` : `client ${by.client}`;
  const run = await ports.store.read.row('runs', credential.run);
  const record = {
    artefacts,
    credential: credential.id,
    issue_index: run?.entry ?? -1,
    by: who,
    reason: 'asked for',
  };
  return {
    commit: {
      expect: [{ kind: 'cell', cell: credentialCell(credential.id), is: null }],
      consume: by.kind === 'holder' ? [by.proof] : [],
      append: newEntry(ports, 'revoke', record, {
        credentialClass: 'token',
        identityTag: ports.identityTag(credential.identity),
      }),
      write: [
        { kind: 'cell', cell: credentialCell(credential.id), value: 'revoked' },
        { kind: 'row', table: 'credentials', row: credentialRow({ ...credential, state: 'revoked' }) },
      ],
    },
    won: ({ inclusion }) => {
      ports.events.revoked({ credential: credential.id, by: who, index: inclusion?.index ?? -1 });
    },
  };
}

async function commitUnlessUsed({ store, events }: Ports, commit: Commit): Promise<CommitResult> {
  const result = await store.commit(commit);
  if (result.outcome === 'lost' && result.loss.kind === 'consumed') {
    events.replayed({ identity: '', key: result.loss.key });
    throw new WritError('refused', 'this DPoP proof has been used; make a new one');
  }
  return result;
}
