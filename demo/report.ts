import { stripVTControlCharacters, styleText } from 'node:util';
import type { Canary } from './canary.ts';
import { Unexpected } from './expect.ts';
import type { Shown, Told } from './step.ts';

/** How a step came out. */
export type Result =
  | { readonly good: true; readonly step: Told; readonly shown: Shown; readonly ms: number }
  | { readonly good: false; readonly step: Told; readonly problem: Problem; readonly ms: number };

interface Problem {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** Tells the run as it goes. */
export interface Report {
  begin(): void;
  step(result: Result): void;
  /** `planned`: how many steps there are; `ms`: how long the whole run took. */
  end(results: readonly Result[], planned: number, ms: number): void;
  /** Whether something was held back because a secret was in it. */
  readonly withheld: boolean;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Unexpected)
    return { what: error.message, expected: oneLine(error.expected), got: oneLine(error.got) };
  const { message, cause } = error instanceof Error ? error : new Error('unknown');
  const got = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return { what: 'it broke', expected: 'no error', got: oneLine(got) };
}

const LONGEST = 400;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
}

/** What is told before the steps, and after them. */
export interface Telling {
  readonly title: string;
  readonly subtitle: string;
  /** what was not shown */
  readonly caveats: readonly string[];
}

export interface ReportOptions {
  readonly telling: Telling;
  readonly json: boolean;
  readonly canary: Canary;
  readonly write: (line: string) => void;
}

/** For people: a line for each step and a table. For programs: an object for each step. Both pass the canary. */
export function createReport({ telling, json, canary, write }: ReportOptions): Report {
  let withheld = false;
  const say = (line: string): void => {
    const plain = stripVTControlCharacters(line);
    const leaks = canary.find('this output', plain);
    canary.hear('this output', plain);
    if (leaks.length > 0) withheld = true;
    write(
      leaks.length > 0
        ? withheldLine(
            leaks.map(({ secret }) => secret),
            json,
          )
        : line,
    );
  };
  return {
    get withheld() {
      return withheld;
    },
    begin: () => (json ? undefined : openingOf(telling).forEach(say)),
    step: (result) => (json ? say(JSON.stringify(objectOf(result))) : linesOf(result).forEach(say)),
    end: (results, planned, ms) => {
      if (!json) [...tableOf(results, planned, ms), ...closingOf(telling)].forEach(say);
    },
  };
}

function openingOf({ title, subtitle }: Telling): readonly string[] {
  return ['', styleText('bold', title), styleText('dim', subtitle), ''];
}

function closingOf({ caveats }: Telling): readonly string[] {
  return [...caveats.map((line) => styleText('dim', line)), ''];
}

const GOOD = styleText('green', '✓');
const BAD = styleText('red', '✗');
const NAME_WIDTH = 16;

function withheldLine(secrets: readonly string[], json: boolean): string {
  const detail = `a line was withheld: it holds ${secrets.join(', ')}`;
  return json ? JSON.stringify({ step: 'output', outcome: 'wrong', detail }) : `${BAD} ${detail}`;
}

function objectOf(result: Result): Readonly<Record<string, string | number>> {
  const { good, step, ms } = result;
  const { outcome, detail, ...more } = good
    ? { ...result.shown, must: step.must }
    : { outcome: 'wrong', detail: result.problem.what, ...result.problem };
  return { step: step.name, outcome, detail, ...more, ms: Math.round(ms) };
}

function linesOf(result: Result): readonly string[] {
  const name = styleText('bold', result.step.name.padEnd(NAME_WIDTH));
  if (result.good) return [`${GOOD} ${name}${result.shown.detail}`];
  const { what, expected, got } = result.problem;
  const indent = ' '.repeat(NAME_WIDTH + 2);
  return [`${BAD} ${name}${what}`, `${indent}expected  ${expected}`, `${indent}got       ${got}`];
}

const COLUMNS = ['STEP', 'MUST BE', 'CAME OUT', 'DECIDED BY'];

function tableOf(results: readonly Result[], planned: number, ms: number): readonly string[] {
  const rows = results.map(({ step, ...result }) => [
    step.name,
    step.must,
    result.good ? result.shown.outcome : 'wrong',
    result.good ? result.shown.decidedBy : '',
  ]);
  const widths = COLUMNS.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const lay = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const good = results.filter((result) => result.good).length;
  const sum = `${good} of ${planned} steps came out as they must, in ${(ms / 1000).toFixed(1)} s`;
  return [
    '',
    `  ${styleText('dim', lay(COLUMNS))}`,
    ...rows.map((row, i) => `${results[i]?.good === true ? GOOD : BAD} ${lay(row)}`),
    '',
    styleText(good === planned ? 'green' : 'red', sum),
  ];
}
