import { EXAMPLE_FLOW, HELD_BY_LOADING, LINT_RULES, NOT_DECIDED, type Parts } from '@writ/prove';
import { table } from './tables.ts';

const DECIDED_BY = {
  syntax: 'the definition',
  data: 'the definition and what stands around it',
  prover: 'the prover, for all requests',
} as const;

/** What is found, as a table that leads to each rule. */
export function lintTable(): string {
  const decided = LINT_RULES.map(({ id, severity, title, by }) => [
    `[${id}](#${id.toLowerCase()})`,
    severity,
    title,
    DECIDED_BY[by],
  ]);
  const held = HELD_BY_LOADING.map(({ id, title }) => [id, 'error', title, '[loading](#held-by-loading)']);
  const open = NOT_DECIDED.map(({ id, title }) => [id, '', title, '[not decided](#not-decided)']);
  const rows = [...decided, ...held, ...open].toSorted(([a = ''], [b = '']) => number(a) - number(b));
  return table(['rule', 'severity', 'what must not be', 'decided by'], rows);
}

function number(cell: string): number {
  return Number(/W(\d+)/.exec(cell)?.[1]);
}

/** The flow that the examples are parts of. */
export function lintExample(): string {
  return fence(EXAMPLE_FLOW);
}

/** Every rule with its reading and its examples. */
export function lintRules(): string {
  return LINT_RULES.map(({ id, severity, title, why, help, good, bad }) =>
    [
      `### ${id}`,
      `*${capital(title)}* (${severity}).`,
      why,
      `What helps: ${help}.`,
      'Good:',
      fences(good),
      'Bad:',
      fences(bad),
    ].join('\n\n'),
  ).join('\n\n');
}

export function lintHeld(): string {
  return table(
    ['rule', 'what must not be', 'how it is held', 'what the loader says'],
    HELD_BY_LOADING.map(({ id, title, how, message }) => [id, title, how, message]),
  );
}

export function lintNotDecided(): string {
  return table(
    ['rule', 'what must not be', 'why not'],
    NOT_DECIDED.map(({ id, title, why }) => [id, title, why]),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fences(parts: Parts): string {
  return parts.map(fence).join('\n\n');
}

/** Parts of files; what they are parts of is loaded and linted by a test. */
function fence(text: string): string {
  return `\`\`\`yaml partial\n${text.trimEnd()}\n\`\`\``;
}
