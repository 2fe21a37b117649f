import type { Facts, Obligation } from '@writ/core';
import { type ArtefactSet, whoDecides } from '@writ/flow';

/** Why an approval by this person does not count, in the words of the flow; null where it does. */
export function whyNot(
  set: ArtefactSet,
  facts: Facts,
  now: number,
  obligation: Pick<Obligation, 'from' | 'not' | 'factor'> | undefined,
  { person, factor }: { readonly person: string; readonly factor: string },
): string | null {
  if (obligation === undefined) return 'nothing of that name is waited for';
  const { from, not } = obligation;
  const among = (words: readonly string[]): boolean =>
    whoDecides(set, facts, now, { from, not: words }).persons.some(({ id }) => id === person);
  if (!among([])) return `not ${from}`;
  const excluded = not.filter((word) => !among([word]));
  if (excluded.length > 0) return excluded.join(', ');
  return factor === 'webauthn' ? null : 'factor';
}
