import type { ArtefactSet } from '../../artefact/artefact-set.ts';
import type { Control } from '../../artefact/policy-pack.ts';
import { type Check, reason } from '../context.ts';
import { assessControl } from './assess-control.ts';

/** A request that fails a control which is enforced is refused. Packs only narrow: nothing is permitted by one. */
export const controls: Check = (context) =>
  enforcedIn(context.set).flatMap(({ pack, control }) => {
    const { outcome, because } = assessControl(control, context);
    if (outcome !== 'fail') return [];
    const message = `it fails the control \`${control.id}\` (${control.title})`;
    return [reason('policy', `pack.${pack}.${control.id}`, message, { expected: because })];
  });

interface Enforced {
  readonly pack: string;
  readonly control: Control;
}

/** By set: every decision asks, and mostly there are none. */
const enforced = new WeakMap<ArtefactSet, readonly Enforced[]>();

function enforcedIn(set: ArtefactSet): readonly Enforced[] {
  const known = enforced.get(set);
  if (known !== undefined) return known;
  const found = [...set.packs.values()].flatMap(({ pack, controls: all }) =>
    all.filter(({ enforce }) => enforce).map((control) => ({ pack, control })),
  );
  enforced.set(set, found);
  return found;
}
