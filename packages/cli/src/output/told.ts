import type { Told, ToldOutcome, ToldSituation } from '@writ/prove';

/** A request in lines: what is asked, proven and known, and who agreed. */
export function requestLines(told: ToldSituation): readonly string[] {
  const rows: readonly (readonly [string, Told])[] = [
    ['request', told.request],
    ['holder', told.holder],
    ['identity', told.identity],
    ...told.evidence.map((evidence): [string, Told] => ['evidence', evidence]),
    ...(Object.keys(told.facts).length === 0 ? [] : [['facts', told.facts] as const]),
    ...told.approvals.map((each): [string, Told] => ['person', each]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(9)} ${words(value)}`);
}

/** What becomes of the credential. */
export function laterLine({ later }: ToldSituation): string {
  return `${'then'.padEnd(9)} ${words(later)}`;
}

export function outcomeLine({ outcome: is, because, replayed }: ToldOutcome): string {
  const said = replayed === 'decide' ? '' : ' (by what the definition says of it once issued)';
  if (is === 'issue') return 'issues, and it can be used';
  return `${is === 'waiting' ? 'waits for' : 'refuses by'} ${because.join(', ')}${said}`;
}

/** `name value` pairs; what is false, zero or empty is left out. */
function words(value: Told): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(words).join(', ')}]`;
  return Object.entries(value)
    .filter(
      ([, member]) =>
        member !== false && member !== null && member !== 0 && member !== '0s' && !isEmpty(member),
    )
    .map(([name, member]) => (isRecord(member) ? `${name} {${words(member)}}` : `${name} ${words(member)}`))
    .join('  ');
}

function isList(value: Told): value is readonly Told[] {
  return Array.isArray(value);
}

function isRecord(value: Told): boolean {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isEmpty(value: Told): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
