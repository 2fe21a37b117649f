import type { Obligation, Reason } from '@writ/core';
import { eligiblePersons } from './approval-stage.ts';
import { type Context, reason } from './context.ts';

/** What is still to be confirmed before signing, or why it cannot be any more. */
export interface ConfirmationOutcome {
  readonly refusals: readonly Reason[];
  readonly obligations: readonly Obligation[];
}

const NOTHING: ConfirmationOutcome = { refusals: [], obligations: [] };

/**
 * `activate: confirmed` withholds the signing of what is active once it exists; what is born inactive may be made before.
 * It is the persons whom `by` names now, less the excluded, who confirm, and within the time the flow gives them.
 */
export function confirmation(context: Context, plan: string): ConfirmationOutcome {
  const { flow, facts, now } = context;
  const { activate, issues } = flow.definition;
  const selfContained = issues === 'token' || issues === 'x509' || issues === 'ssh';
  if (activate.when !== 'confirmed' || !selfContained) return NOTHING;
  const from = activate.by ?? 'owner';
  const expires = facts.openedAt + (activate.within ?? 0) * 1000;
  if (now > expires) {
    const message = 'expired before it was confirmed';
    return { refusals: [reason('activate', 'activate', message, { help: 'ask again' })], obligations: [] };
  }
  const { persons, problem } = eligiblePersons(context, from, activate.not);
  const good = facts.confirmations.filter(
    (given) => given.plan === plan && given.at <= expires && persons.some(({ id }) => id === given.person),
  );
  if (good.length > 0) return NOTHING;
  const unsatisfiable = problem ?? (persons.length === 0 ? 'nobody may confirm it' : null);
  const asked = {
    from,
    count: 1,
    missing: 1,
    factor: null,
    not: activate.not,
    expires,
    unsatisfiable,
    digest: plan,
    envelope: null,
  };
  return { refusals: [], obligations: [{ kind: 'confirmation', rule: 'activate', ...asked }] };
}
