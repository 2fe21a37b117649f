import {
  ARTEFACTS_CELL,
  type AuthenticatorEvent,
  type Commit,
  type Consume,
  type Expect,
  type Json,
  WritError,
  type Write,
} from '@writ/core';
import { appendUntilWon, type Won } from '../append-until-won.ts';
import { newEntry } from '../entry.ts';
import type { InForce } from '../in-force.ts';
import type { Ports } from '../ports.ts';
import { notices } from '../runs/notices.ts';
import type { Sessions } from './sessions.ts';

/** What every change to people is made with. */
export interface Given {
  readonly ports: Ports;
  readonly inForce: InForce;
  readonly sessions: Sessions;
}

/** Why an event of a person is let happen, as its leaf says. */
export type Grounds = 'first-administrator' | 'invitation' | 'passkey' | 'session' | 'sample';

/** One event of one person: a leaf, and what becomes of rows and cells with it. */
export interface PersonEvent {
  readonly event: AuthenticatorEvent;
  readonly person: string;
  /** `user:…`, `local` or `dev` */
  readonly by: string;
  readonly grounds: Grounds;
  readonly authenticator?: Readonly<Record<string, Json>>;
  readonly expect: readonly Expect[];
  readonly consume: readonly Consume[];
  readonly write: readonly Write[];
}

/**
 * Commits an event of a person under the artefact set that `make` reads, and again where another set is in force by then.
 * @throws WritError `conflict` where what it spends was spent before
 */
export async function commitPersonEvent<T extends PersonEvent>(
  { ports, inForce }: Given,
  make: () => Promise<T>,
): Promise<T> {
  const spentBefore = async (commit: Commit) => {
    const result = await ports.store.commit(commit);
    if (result.outcome === 'lost' && result.loss.kind === 'consumed')
      throw new WritError('conflict', 'this was used before; begin again');
    if (result.outcome === 'lost') inForce.refresh();
    return result;
  };
  return appendUntilWon(async () => {
    const { hash } = await inForce.current();
    const made = await make();
    const { event, person, by, grounds, authenticator } = made;
    const record = { artefacts: hash, event, person, by, grounds };
    return {
      commit: {
        expect: [{ kind: 'cell', cell: ARTEFACTS_CELL, is: hash }, ...made.expect],
        consume: made.consume,
        append: newEntry(
          ports,
          'person',
          authenticator === undefined ? record : { ...record, authenticator },
        ),
        write: [
          ...made.write,
          ...notices(ports, {
            type: 'authenticator.changed',
            timestampMs: ports.now(),
            data: { person, event },
          }),
        ],
      },
      won: ({ inclusion }: Won) => {
        ports.events.person({ person, event, by, grounds, index: inclusion?.index ?? -1 });
        return made;
      },
    };
  }, spentBefore);
}
