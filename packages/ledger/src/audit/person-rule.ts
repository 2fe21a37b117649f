import { canonicalJson } from '../canonical-json.ts';
import type { PersonRecord } from '../record.ts';
import type { Finding, Report } from './finding.ts';
import type { KnownAuthenticator, KnownAuthenticators } from './known-authenticators.ts';
import type { LeafRule } from './leaf-rule.ts';

type Added = Extract<PersonRecord, { event: 'authenticator-added' }>;
type Ended = Extract<PersonRecord, { event: 'authenticator-replaced' | 'authenticator-lost' }>;

/**
 * An authenticator is added once, under an id that never comes again, and is replaced or lost once, as its owner's.
 * `known` learns of it here, for the rules that come after.
 */
export function personRule(known: KnownAuthenticators, report: Report): LeafRule {
  const finding = (index: number, message: string): Finding => ({
    index,
    rule: 'authenticator-order',
    message,
    severity: 'error',
  });

  function added(index: number, { person, authenticator }: Added): void {
    const before = known.get(authenticator.id);
    if (before !== null) {
      report(finding(index, `leaf ${before.since} has added authenticator \`${authenticator.id}\` before`));
    }
    known.add(person, authenticator, index);
  }

  function ended(index: number, record: Ended): void {
    const { id } = record.authenticator;
    const how = record.event === 'authenticator-lost' ? 'lost' : 'replaced';
    const wrong = (why: string): Finding => finding(index, `authenticator \`${id}\` is ${how}, but ${why}`);
    const before = known.get(id);
    if (before === null) {
      report(known.unlessMissed(wrong('no leaf before has added it')));
      return;
    }
    const why = whyNotEnded(before, record);
    if (why !== null) report(wrong(why));
    if (before.person === record.person && before.ended === null) known.end(id, how, index);
  }

  return ({ index, leaf, record }) => {
    if (leaf.type !== 'person') return;
    if (record?.type !== 'person') known.miss(index);
    else if (record.event === 'authenticator-added') added(index, record);
    else if (record.event !== 'invited') ended(index, record);
  };
}

function whyNotEnded(before: KnownAuthenticator, { person, authenticator }: Ended): string | null {
  if (before.person !== person) return `it is of \`${before.person}\`, not of \`${person}\``;
  if (before.ended !== null) return `was ${before.ended.how} at leaf ${before.ended.at} already`;
  const same = { ...before.authenticator, ...authenticator };
  if (canonicalJson(same) === canonicalJson(before.authenticator)) return null;
  return `leaf ${before.since} added it with other members`;
}
