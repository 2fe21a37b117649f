import type { Finding } from '@writ/prove';
import { clean } from './print.ts';
import { outcomeLine, requestLines } from './told.ts';

/** `file:line:column: error W005 …`, the form editors jump to, with what would help and a request that shows it. */
export function findingLines({
  place,
  severity,
  id,
  flow,
  rule,
  message,
  help,
  example,
}: Finding): readonly string[] {
  const where = place === null ? '' : `${place.file}:${place.line}:${place.column}: `;
  return [
    `${where}${severity} ${id} ${flow}, ${rule}: ${message}`,
    `  help: ${help}`,
    ...(example === null
      ? []
      : [
          '  for instance',
          ...requestLines(example).map((line) => `    ${line}`),
          `    decided   ${outcomeLine(example.decides)}`,
        ]),
  ].map(clean);
}

/** `2 errors, 1 warning` */
export function lintSummary(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
