import { isAct } from '../../definition/definition.ts';
import type { Context } from '../context.ts';

/** What one check makes of one request, with a reason that names the value it read. */
export interface Assessed {
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly because: string;
}

/** `bound` is what the pack holds it to; 0 for a check that is held to nothing. */
export type Assess = (context: Context, bound: number) => Assessed;

export function pass(because: string): Assessed {
  return { outcome: 'pass', because };
}

export function fail(because: string): Assessed {
  return { outcome: 'fail', because };
}

export function notApplicable(because: string): Assessed {
  return { outcome: 'not-applicable', because };
}

/** For checks of credentials: what an act of this flow has instead. Null where a credential is issued. */
export function noCredential({ flow }: Context): Assessed | null {
  const { issues } = flow.definition;
  return isAct(issues) ? notApplicable(`the flow issues ${issues}, and no credential`) : null;
}
