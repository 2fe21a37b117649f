import type { CompiledFlow } from '@writ/flow';
import { dependenciesOf, type FlowChange, type ToldWitness, tell } from '@writ/prove';
import { clean } from './print.ts';
import { laterLine, outcomeLine, requestLines } from './told.ts';

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
      ? ['  the flow itself is as it was; a right, entitlement, guardrail, control or anchor changed']
      : []),
    ...(change.differences.length === 0 ? [] : ['']),
    ...change.differences.flatMap(differenceLines),
    '',
    `VERDICT   ${verdictLine(change)}`,
    ...(wider === null
      ? []
      : witnessLines('a request that the new flow answers and the old one does not:', tell(wider, 'wider'))),
    ...(narrower === null || verdict === 'wider'
      ? []
      : witnessLines(
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

function witnessLines(title: string, told: ToldWitness): readonly string[] {
  return [
    `  ${title}`,
    ...[...requestLines(told), laterLine(told)].map((line) => `    ${line}`),
    `    old  ${outcomeLine(told.old)}`,
    `    new  ${outcomeLine(told.new)}`,
  ];
}

function outsideLines({ outside, assumed }: PlanReport): readonly string[] {
  return [
    ...(outside.length === 0
      ? []
      : [`ALSO CHANGED   ${outside.join(' · ')}   — data; what of it is no bound is outside the proof`]),
    ...assumed.map((each) => `ASSUMED   ${each}   — outside the proof`),
  ].map(clean);
}
