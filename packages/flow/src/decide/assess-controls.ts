import type { Facts } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import { assessControl } from './controls/assess-control.ts';
import { contextFor } from './decide.ts';

/** What one control of one pack makes of one request. */
export interface ControlResult {
  readonly pack: string;
  readonly control: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  /** names the values that were read */
  readonly because: string;
}

/**
 * Holds the request that `facts` are about against every control of every pack, enforced or not, in the order of the packs.
 * `now` is in milliseconds since the epoch. Where the flow or the identity is unknown there is nothing to hold.
 */
export function assessControls(artefacts: ArtefactSet, facts: Facts, now: number): readonly ControlResult[] {
  const context = contextFor(artefacts, facts, now);
  if (context === null) return [];
  return [...artefacts.packs.values()].flatMap(({ pack, controls }) =>
    controls.map((control) => {
      const { id, aliases, title } = control;
      return { pack, control: id, aliases, title, ...assessControl(control, context) };
    }),
  );
}
