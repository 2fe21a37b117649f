import type { Control } from '../../artefact/policy-pack.ts';
import { binds } from '../binds.ts';
import type { Context } from '../context.ts';
import { type Assessed, fail, notApplicable, pass } from './assessed.ts';
import { ASSESS } from './control-checks.ts';

/** A control passes where none of its checks fails and one at least speaks of this request. */
export function assessControl(control: Control, context: Context): Assessed {
  if (!binds(control, context)) return notApplicable(`it is about ${scopeOf(control)}`);
  const all = control.checks.map(({ check, bound }) => ASSESS[check](context, bound ?? 0));
  const because = (outcome: Assessed['outcome']): string =>
    [...new Set(all.flatMap((each) => (each.outcome === outcome ? [each.because] : [])))].join('; ');
  if (all.some(({ outcome }) => outcome === 'fail')) return fail(because('fail'));
  if (all.some(({ outcome }) => outcome === 'pass')) return pass(because('pass'));
  return notApplicable(because('not-applicable'));
}

function scopeOf({ issues, tiers, kinds }: Control): string {
  return [
    ...(issues === null ? [] : [`what issues ${issues.join(', ')}`]),
    ...(kinds === null ? [] : [`identities of kind ${kinds.join(', ')}`]),
    ...(tiers === null ? [] : [`tier ${tiers.join(', ')}`]),
  ].join(' and ');
}
