import type { PersonRecord } from '../record.ts';
import type { Report } from './finding.ts';
import type { KnownAuthenticators } from './known-authenticators.ts';
import type { LeafRule } from './leaf-rule.ts';

/**
 * What happens to a person has grounds that the log bears out: a first administrator comes before every authenticator,
 * an invitation is used once, a passkey is one of that person, samples are of development. A sign-in leaves no leaf, so
 * that `session` is taken at its word, and good for an end alone. This comes before the rule by which `known` learns of
 * the leaf.
 */
export function groundsRule(known: KnownAuthenticators, report: Report): LeafRule {
  /** How many invitations are open, by person. */
  const invitations = new Map<string, number>();
  let dev = false;

  function checkGrounds(index: number, record: PersonRecord): void {
    const finding = (why: string) =>
      ({
        index,
        rule: 'person-grounds',
        message: `its grounds are \`${record.grounds}\`, but ${why}`,
        severity: 'error',
      }) as const;
    const { person, by, event } = record;
    switch (record.grounds) {
      case 'first-administrator':
        if (known.first !== null) report(finding(`leaf ${known.first} has added an authenticator before`));
        break;
      case 'invitation':
        if (!isInvited(record)) {
          report(known.unlessMissed(finding(`no invitation of \`${person}\` is open`)));
        }
        break;
      case 'passkey': {
        const whose = event === 'invited' ? by : person;
        if (event === 'authenticator-added' && by !== person) {
          report(finding(`\`${by}\` has none of \`${person}\``));
        } else if (!known.hasActive(whose)) {
          report(known.unlessMissed(finding(`\`${whose}\` has no active authenticator`)));
        }
        break;
      }
      case 'sample':
        if (!dev) report(finding('the set in force is not of development'));
        break;
      case 'session':
        if (event === 'invited' || event === 'authenticator-added') {
          report(finding('a sign-in alone adds nobody anything'));
        }
    }
  }

  function isInvited({ person, event }: PersonRecord): boolean {
    const open = invitations.get(person);
    return event === 'authenticator-added' ? open !== undefined && open > 0 : open !== undefined;
  }

  function countInvitations({ person, event, grounds }: PersonRecord): void {
    const open = invitations.get(person) ?? 0;
    if (event === 'invited') invitations.set(person, open + 1);
    if (event === 'authenticator-added' && grounds === 'invitation' && open > 0) {
      invitations.set(person, open - 1);
    }
  }

  return ({ index, leaf, record }) => {
    if (leaf.type === 'artefacts') dev = leaf.dev;
    if (record?.type !== 'person') return;
    checkGrounds(index, record);
    countInvitations(record);
  };
}
