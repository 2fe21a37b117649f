import {
  ARTEFACTS_CELL,
  ARTEFACTS_MODE_CELL,
  canonicalJson,
  type Identity,
  identityCell,
  WritError,
} from '@writ/core';
import type { ArtefactSet, SourceFile } from '@writ/flow';
import { appendUntilWon } from './append-until-won.ts';
import { newEntry } from './entry.ts';
import type { InForce } from './in-force.ts';
import type { Ports } from './ports.ts';
import { identityJson, identityRow, readIdentity } from './stored.ts';

export interface Proposal {
  readonly set: ArtefactSet;
  readonly files: readonly SourceFile[];
  readonly identities: readonly Identity[];
}

export interface Publisher {
  /**
   * The first leaf of a ledger; `dev` marks it, and every receipt under it, as not reviewed.
   * @throws WritError `conflict` when there is one already
   */
  genesis(proposal: Proposal, dev: boolean): Promise<void>;
  /** Switches to `proposal` without review and says so in the leaf: for `writ dev` alone. Null when nothing changed. */
  adopt(proposal: Proposal): Promise<{ readonly previous: string } | null>;
  /** The hash in force, or null for an empty store. */
  currentHash(): Promise<string | null>;
}

export function createPublisher(ports: Ports, inForce: InForce): Publisher {
  const { store } = ports;

  const currentHash = async (): Promise<string | null> => {
    const cells = await store.read.cells([ARTEFACTS_CELL]);
    return cells[ARTEFACTS_CELL] ?? null;
  };

  const switchTo = async (
    proposal: Proposal,
    previous: string | null,
    mode: 'genesis' | 'dev',
    dev: boolean,
  ): Promise<boolean> => {
    const { hash } = proposal.set;
    const by = mode === 'genesis' ? 'init' : 'dev';
    const record = { artefacts: hash, hash, previous, mode, by };
    const result = await store.commit({
      expect: [{ kind: 'cell', cell: ARTEFACTS_CELL, is: previous }],
      consume: [],
      append: newEntry(ports, 'artefacts', record, { dev }),
      write: [
        { kind: 'cell', cell: ARTEFACTS_CELL, value: hash },
        { kind: 'cell', cell: ARTEFACTS_MODE_CELL, value: dev ? 'dev' : mode },
        {
          kind: 'row',
          table: 'artefact_sets',
          row: { hash, mode: dev ? 'dev' : mode, body: JSON.stringify({ files: proposal.files }) },
        },
      ],
    });
    if (result.outcome === 'lost') return false;
    inForce.keep(proposal.set);
    inForce.refresh();
    ports.events.artefacts({ hash, mode, index: result.inclusion?.index ?? -1 });
    return true;
  };

  const register = async (identity: Identity, artefacts: string, by: string): Promise<void> => {
    await appendUntilWon(
      async () => {
        const row = await store.read.row('identities', identity.name);
        const before = row === null ? null : readIdentity(row);
        const revision = before === null ? identity.revision : before.revision + 1;
        if (
          before !== null &&
          canonicalJson(identityJson(before)) ===
            canonicalJson(identityJson({ ...identity, revision: before.revision }))
        ) {
          return { done: undefined };
        }
        const after: Identity = { ...identity, revision };
        const record = { artefacts, identity: after.name, revision, change: identityJson(after), by };
        return {
          commit: {
            expect: [
              {
                kind: 'cell',
                cell: identityCell(after.name),
                is: before === null ? null : String(before.revision),
              },
            ],
            consume: [],
            append: newEntry(ports, 'identity', record, {
              identityTag: ports.identityTag(after.name),
              unattended: true,
            }),
            write: [
              { kind: 'cell', cell: identityCell(after.name), value: String(revision) },
              { kind: 'row', table: 'identities', row: identityRow(after) },
            ],
          },
          won: () => undefined,
        };
      },
      (commit) => store.commit(commit),
    );
  };

  /** Whether a genesis of this very proposal ended between its first leaf and its last identity. */
  const wasInterrupted = async ({ set, identities }: Proposal): Promise<boolean> => {
    if ((await currentHash()) !== set.hash) return false;
    const rows = await Promise.all(identities.map(({ name }) => store.read.row('identities', name)));
    return rows.includes(null);
  };

  return {
    currentHash,
    genesis: async (proposal, dev) => {
      const begun = await switchTo(proposal, null, 'genesis', dev);
      if (!begun && !(await wasInterrupted(proposal))) {
        throw new WritError(
          'conflict',
          'this store already has a ledger; a change to it is published, not initialised',
        );
      }
      for (const identity of proposal.identities) await register(identity, proposal.set.hash, 'init');
    },
    adopt: async (proposal) => {
      const previous = await currentHash();
      if (previous === null)
        throw new WritError('unavailable', 'this store is empty; run `writ init DIR` first');
      const switched = previous !== proposal.set.hash;
      if (switched && !(await switchTo(proposal, previous, 'dev', true))) {
        throw new WritError('conflict', 'another process published meanwhile');
      }
      for (const identity of proposal.identities) await register(identity, proposal.set.hash, 'dev');
      return switched ? { previous } : null;
    },
  };
}
