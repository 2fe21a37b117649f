import { yamlOf } from './yaml.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'yaml', 'name'] as const;
export type Format = (typeof FORMATS)[number];

export interface OutputOptions {
  readonly output?: Format;
  readonly json?: boolean;
}

export function formatOf({ output, json }: OutputOptions): Format {
  return json === true ? 'json' : (output ?? 'table');
}

/** Data on stdout; everything else goes to stderr. */
export function out(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function say(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

type Row = Readonly<Record<string, string | number>>;

/** Rows in the asked form; `columns` are those of the table, the first one being the name. */
export function printRows(rows: readonly Row[], columns: readonly string[], format: Format): void {
  if (format === 'json') out(JSON.stringify(rows, null, 2));
  else if (format === 'ndjson') for (const row of rows) out(JSON.stringify(row));
  else if (format === 'yaml') out(yamlOf(rows));
  else if (format === 'name') for (const row of rows) out(String(row[columns[0] ?? ''] ?? ''));
  else printTable(rows, columns);
}

function printTable(rows: readonly Row[], columns: readonly string[]): void {
  const cells = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((column) => clean(row[column]))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  for (const line of cells)
    out(
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** What others wrote is shown without control characters (L6). */
export function clean(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** Any value as JSON or YAML, or as indented `name: value` lines. */
export function printObject(value: unknown, format: Format): void {
  if (format === 'yaml') {
    out(yamlOf(value));
    return;
  }
  const structured = format === 'json' || format === 'ndjson';
  out(structured ? JSON.stringify(value, null, format === 'json' ? 2 : 0) : lines(value, '').join('\n'));
}

function lines(value: unknown, indent: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${clean(value)}`];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (Array.isArray(inner) && inner.every((each) => typeof each !== 'object')) {
      return [`${indent}${name}: ${inner.map(clean).join(', ')}`];
    }
    if (typeof inner === 'object' && inner !== null)
      return [`${indent}${name}:`, ...lines(inner, `${indent}  `)];
    return [`${indent}${name}: ${shown(name, inner)}`];
  });
}

/** Times are milliseconds; people read dates. */
function shown(name: string, value: unknown): string {
  const time = typeof value === 'number' && value > 1e12 && value < 4e12;
  return time && /(?:^at$|At$|_ms$|expires)/.test(name) ? new Date(value).toISOString() : clean(value);
}
