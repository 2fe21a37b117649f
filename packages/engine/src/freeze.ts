import { formatFreezeState, freezeCell, parseFreezeScope, readFreezeState, WritError } from '@writ/core';
import { appendUntilWon } from './append-until-won.ts';
import { newEntry } from './entry.ts';
import type { InForce } from './in-force.ts';
import type { Outstanding } from './outstanding.ts';
import type { Ports } from './ports.ts';

export interface Frozen {
  readonly scope: string;
  /** ledger index of the freeze: no issuance of the scope stands behind it */
  readonly index: number;
  /** whether it was frozen before */
  readonly already: boolean;
}

/**
 * Stops issuance for a scope. When it answers, nothing of that scope is signed any more: what was committed before the
 * freeze and not yet signed has been waited for (F10).
 * @throws WritError `malformed` for no scope, `unknown` for a scope that nothing has
 */
export async function freeze(
  ports: Ports,
  inForce: InForce,
  outstanding: Outstanding,
  asked: { readonly scope: string; readonly reason: string; readonly by: string },
): Promise<Frozen> {
  const { scope, reason, by } = asked;
  await checkScope(ports, inForce, scope);
  const frozen = await appendUntilWon<Frozen>(
    async () => {
      const cell = freezeCell(scope);
      const is = (await ports.store.read.cells([cell]))[cell] ?? null;
      const state = readFreezeState(is);
      if (state.frozen) {
        const row = await ports.store.read.row('freezes', scope);
        return { done: { scope, index: row?.entry ?? -1, already: true } };
      }
      const value = formatFreezeState({ epoch: state.epoch + 1, frozen: true });
      const { hash } = await inForce.current();
      return {
        commit: {
          expect: [{ kind: 'cell', cell, is }],
          consume: [],
          append: newEntry(ports, 'freeze', { artefacts: hash, scope, by, reason }),
          write: [
            { kind: 'cell', cell, value },
            {
              kind: 'row',
              table: 'freezes',
              row: { scope, state: 'frozen', reason, by_whom: by, at: ports.now() },
            },
          ],
        },
        won: ({ inclusion }) => ({ scope, index: inclusion?.index ?? -1, already: false }),
      };
    },
    (commit) => ports.store.commit(commit),
  );
  await outstanding.drained();
  if (!frozen.already) ports.events.frozen({ scope, by, index: frozen.index });
  return frozen;
}

/** A typing error must not look like a freeze. */
async function checkScope(ports: Ports, inForce: InForce, scope: string): Promise<void> {
  const parsed = parseFreezeScope(scope);
  if (parsed === null) {
    throw new WritError(
      'malformed',
      `\`${scope}\` is no scope; write identity:NAME, anchor:NAME, right:ID, flow:NAME, owner:WHO, integration:NAME or everything`,
    );
  }
  const { kind, name } = parsed;
  const set = await inForce.current();
  const there = {
    everything: () => true,
    // Whoever left is no longer listed, and what they own is still to be frozen.
    owner: async () =>
      set.groups.has(name) ||
      set.people.some(({ id }) => id === name) ||
      (await ports.store.read.rows('identities', { column: 'owner', equals: name, limit: 1 })).length > 0,
    anchor: () => set.anchors.has(name),
    right: () => set.rights.has(name),
    flow: () => set.flows.has(name),
    identity: async () => (await ports.store.read.row('identities', name)) !== null,
    integration: async () => (await ports.store.read.row('identities', name))?.kind === 'integration',
  }[kind];
  if (!(await there())) throw new WritError('unknown', `there is no ${kind} \`${name}\``);
}
