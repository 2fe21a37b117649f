import type { AssignedObligation, Run } from '@writ/client';
import { clean } from './print.ts';

/** A run as a person reads it. */
export function runLines(run: Run): readonly string[] {
  return [
    `run       ${clean(run.run)}`,
    `identity  ${clean(run.identity)}, by ${clean(run.flow)} v${run.flowVersion}`,
    `state     ${stateText(run)}`,
    `asked     ${clean(run.requester ?? 'by a machine')}, ${run.openedAt}`,
    `owner     ${clean(run.owner)}`,
    `purpose   ${clean(run.purpose)}`,
    `plan      sha256 ${clean(run.plan)}`,
    ...listed('waits', open(run).map(waitingText)),
    ...listed('decided', run.approvals.map(decidedText)),
    ...listed(
      'changes',
      run.changes.map(({ member, before, after }) => changeText(member, before, after)),
    ),
    ...listed('controls', run.controls.filter(({ outcome }) => outcome === 'fail').map(controlText)),
    ...listed(
      'because',
      run.reasons.map(({ rule, message }) => `${clean(rule)}: ${clean(message)}`),
    ),
  ];
}

/** What has happened to a run and what it waits for, each in a line that stays the same. */
export function stepsOf(run: Run): readonly string[] {
  const decided = run.approvals.map(decidedText);
  const waits = run.state === 'waiting' ? open(run).map((each) => `waits for ${waitingText(each)}`) : [];
  return [...decided, ...waits, ...(run.state === 'waiting' ? [] : [run.state])];
}

function open({ obligations }: Run): readonly AssignedObligation[] {
  return obligations.filter(({ missing }) => missing > 0);
}

function stateText({ state, dueAt }: Run): string {
  return dueAt === null ? state : `${state}, until ${dueAt}`;
}

function waitingText(obligation: AssignedObligation): string {
  const { rule, assignee, missing, count, mine, unsatisfiable } = obligation;
  const whom = mine ? `${clean(assignee)} (you)` : clean(assignee);
  const hopeless = unsatisfiable === null ? '' : `; nobody can: ${clean(unsatisfiable)}`;
  return `${clean(rule)}: ${missing} of ${count} by ${whom}${hopeless}`;
}

const DECIDED = { approve: 'approved', deny: 'denied', confirm: 'confirmed' } as const;

function decidedText({ rule, person, decision, at, index, reason }: Run['approvals'][number]): string {
  const why = reason === null ? '' : `: ${clean(reason)}`;
  return `${DECIDED[decision]} by ${clean(person)} for ${clean(rule)}${why}  ${at}  ledger #${index}`;
}

function changeText(member: string, before: unknown, after: unknown): string {
  return `${clean(member)}: ${before === null ? '' : `${clean(before)} → `}${clean(after)}`;
}

function controlText({ pack, control, because }: Run['controls'][number]): string {
  return `fails ${clean(pack)} ${clean(control)}: ${clean(because)}`;
}

/** Lines below one name. */
function listed(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `${(i === 0 ? name : '').padEnd(9)} ${line}`);
}
