import type { CompiledFlow } from '@writ/flow';
import {
  dependenciesOf,
  type FlowChange,
  type Told,
  type ToldOutcome,
  type ToldWitness,
  tell,
} from '@writ/prove';
import { clean } from './print.ts';

export interface PlanReport {
  readonly changes: readonly FlowChange[];
  /** names of what else differs, which is data and outside the proof */
  readonly outside: readonly string[];
  readonly assumed: readonly string[];
  readonly flows: ReadonlyMap<string, CompiledFlow>;
}

const WORDS: Readonly<Record<FlowChange['verdict'], string>> = {
  same: 'SAME',
  narrower: 'NARROWER',
  wider: 'WIDER',
  incomparable: 'INCOMPARABLE',
  unknown: 'UNKNOWN',
};

export function planLines(report: PlanReport): readonly string[] {
  if (report.changes.length === 0) return ['no flow changes', ...outsideLines(report)];
  return [
    ...report.changes.flatMap((change) => [...changeLines(change, report), '']),
    ...outsideLines(report),
  ];
}

export function planMarkdown(report: PlanReport): readonly string[] {
  if (report.changes.length === 0) return ['No flow changes.'];
  return [
    '| flow | verdict | stages | rules |',
    '|---|---|---|---|',
    ...report.changes.map(
      ({ flow, verdict, stages, rules }) =>
        `| ${flow} | **${WORDS[verdict]}** | ${stages.join(', ')} | ${rules.map((rule) => `\`${rule}\``).join(', ')} |`,
    ),
    ...report.changes.flatMap((change) => [
      '',
      `### ${change.flow}`,
      '',
      '````text',
      ...changeLines(change, report),
      '````',
    ]),
    ...(outsideLines(report).length === 0 ? [] : ['', '````text', ...outsideLines(report), '````']),
  ];
}

function changeLines(change: FlowChange, { flows }: PlanReport): readonly string[] {
  const { wider, narrower, verdict } = change;
  const flow = flows.get(change.flow);
  const depends = flow === undefined ? [] : dependenciesOf(flow);
  return [
    `flow ${change.flow}   ${versionOf(change.from)}  →  ${versionOf(change.to)}`,
    ...(change.change === 'surroundings'
      ? ['  the flow itself is as it was; a right, entitlement, guardrail or anchor changed']
      : []),
    ...(change.differences.length === 0 ? [] : ['']),
    ...change.differences.flatMap(differenceLines),
    '',
    `VERDICT   ${verdictLine(change)}`,
    ...(wider === null
      ? []
      : requestLines('a request that the new flow answers and the old one does not:', tell(wider, 'wider'))),
    ...(narrower === null || verdict === 'wider'
      ? []
      : requestLines(
          'a request that the old flow answers and the new one does not:',
          tell(narrower, 'narrower'),
        )),
    ...(depends.length === 0 ? [] : [`DEPENDS   ${depends.join(' · ')}   — outside the proof`]),
  ].map(clean);
}

function versionOf(at: FlowChange['from']): string {
  return at === null ? 'nothing' : `v${at.version} sha256:${at.hash.slice(0, 12)}…`;
}

function differenceLines({ path, old, new: fresh }: FlowChange['differences'][number]): readonly string[] {
  if (old === null) return [`  + ${path}    ${fresh ?? ''}`];
  if (fresh === null) return [`  - ${path}    ${old}`];
  return [`  ~ ${path}    ${old}`, `    ${'→'.padStart(path.length + 2)}   ${fresh}`];
}

function verdictLine({ verdict, stages, rules, because, nodes }: FlowChange): string {
  const cost = `decided in ${nodes} nodes`;
  switch (verdict) {
    case 'same':
      return `SAME — proved equal   ${cost}`;
    case 'unknown':
      return `UNKNOWN — ${because ?? 'no answer'}; treated as WIDER`;
    default:
      return `${WORDS[verdict]}   stage: ${stages.join(', ')}   rule: ${rules.join(', ')}   ${cost}`;
  }
}

function requestLines(title: string, told: ToldWitness): readonly string[] {
  const rows: readonly (readonly [string, Told])[] = [
    ['request', told.request],
    ['holder', told.holder],
    ['identity', told.identity],
    ...told.evidence.map((evidence): [string, Told] => ['evidence', evidence]),
    ...(Object.keys(told.facts).length === 0 ? [] : [['facts', told.facts] as const]),
    ...told.approvals.map((each): [string, Told] => ['person', each]),
    ['then', told.later],
  ];
  return [
    `  ${title}`,
    ...rows.map(([name, value]) => `    ${name.padEnd(9)} ${words(value)}`),
    `    old  ${outcome(told.old)}`,
    `    new  ${outcome(told.new)}`,
  ];
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

function outcome({ outcome: is, because, replayed }: ToldOutcome): string {
  const said = replayed === 'decide' ? '' : ' (by what the definition says of it once issued)';
  if (is === 'issue') return 'issues, and it can be used';
  return `${is === 'waiting' ? 'waits for' : 'refuses by'} ${because.join(', ')}${said}`;
}

function outsideLines({ outside, assumed }: PlanReport): readonly string[] {
  return [
    ...(outside.length === 0
      ? []
      : [`ALSO CHANGED   ${outside.join(' · ')}   — data; what of it is no bound is outside the proof`]),
    ...assumed.map((each) => `ASSUMED   ${each}   — outside the proof`),
  ].map(clean);
}
