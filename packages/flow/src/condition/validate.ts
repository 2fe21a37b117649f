import { type DetailedError, policyToJson, validate } from '@cedar-policy/cedar-wasm/nodejs';
import { utf8, WritError } from '@writ/core';
import type { Condition, ConditionSource } from '../definition/definition.ts';
import type { Expression } from './expression.ts';
import { lower } from './lower.ts';
import { type Rewritten, rewrite } from './rewrite.ts';

const HEAD = 'permit(principal, action, resource) when {\n';
const TAIL = '\n};';

export type ReportCondition = (
  source: ConditionSource,
  /** offset in the condition's text, or null where no place is known */
  at: number | null,
  message: string,
  severity: 'error' | 'warning',
) => void;

interface Parsed {
  readonly source: ConditionSource;
  readonly rewritten: Rewritten;
  readonly policy: string;
  readonly expression: Expression;
}

/** Longest condition text, in characters. */
const MAX_LENGTH = 8_192;

/** Parses one condition with Cedar's own parser and lowers it; reports and returns null where that fails. */
function parse(source: ConditionSource, report: ReportCondition): Parsed | null {
  if (source.text.length > MAX_LENGTH) {
    report(source, null, `the condition has more than ${MAX_LENGTH} characters`, 'error');
    return null;
  }
  const rewritten = rewrite(source.text);
  if ('message' in rewritten) {
    report(source, rewritten.at, rewritten.message, 'error');
    return null;
  }
  const policy = HEAD + rewritten.cedar + TAIL;
  const answer = policyToJson(policy);
  if (answer.type === 'failure') {
    for (const error of answer.errors) reportCedar({ source, rewritten, policy }, error, 'error', report);
    return null;
  }
  const [clause] = answer.json.conditions;
  try {
    return { source, rewritten, policy, expression: lower(clause?.body) };
  } catch (error) {
    const message = error instanceof WritError ? error.message : 'this condition cannot be read';
    report(source, placeOf(message, source.text), message, 'error');
    return null;
  }
}

/**
 * Parses and type-checks all conditions of a flow at once against `schema` (from `cedarSchema`). What is found wrong is
 * reported; a source whose condition is unsound is missing from the answer.
 */
export function validateConditions(
  sources: readonly ConditionSource[],
  schema: object,
  report: ReportCondition,
): ReadonlyMap<ConditionSource, Condition> {
  const parsed = sources.map((source) => parse(source, report)).filter((each) => each !== null);
  const sound = new Map(
    parsed.map((each) => [each.source, { text: each.source.text, expression: each.expression }]),
  );
  if (parsed.length === 0) return sound;
  const staticPolicies = Object.fromEntries(parsed.map((each, i) => [`c${i}`, each.policy]));
  const answer = validate({
    validationSettings: { mode: 'strict' },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Cedar checks the document itself
    schema: schema as Parameters<typeof validate>[0]['schema'],
    policies: { staticPolicies },
  });
  if (answer.type === 'failure') {
    for (const error of answer.errors)
      for (const { source } of parsed) report(source, null, error.message, 'error');
    return new Map();
  }
  for (const { policyId, error } of answer.validationErrors) {
    const each = parsed[Number(policyId.slice(1))];
    if (each === undefined) continue;
    sound.delete(each.source);
    reportCedar(each, error, 'error', report);
  }
  for (const { policyId, error } of answer.validationWarnings) {
    const each = parsed[Number(policyId.slice(1))];
    if (each !== undefined) reportCedar(each, error, 'warning', report);
  }
  return sound;
}

/** Where what a message of our own names in backticks stands in the text. */
function placeOf(message: string, text: string): number | null {
  const at = text.indexOf(/`(.+)`/.exec(message)?.[1] ?? '\0');
  return at < 0 ? null : at;
}

function reportCedar(
  each: Pick<Parsed, 'source' | 'rewritten' | 'policy'>,
  error: DetailedError,
  severity: 'error' | 'warning',
  report: ReportCondition,
): void {
  const start = error.sourceLocations?.[0]?.start;
  const at =
    start === undefined ? null : each.rewritten.original(characters(each.policy, start) - HEAD.length);
  const message = plain(error.message) + (error.help === null ? '' : `; ${plain(error.help)}`);
  report(each.source, at, message, severity);
}

/** Cedar speaks of the policy and the context it was given; our readers wrote neither. */
function plain(message: string): string {
  return message
    .replace(/^for policy `c\d+`, /, '')
    .replace(/^failed to parse policy from string: /, '')
    .replace(/ for policy `c\d+`/, '')
    .replace(/`?context`?\.(?=request|identity|evidence|facts)/g, (match) =>
      match.startsWith('`') ? '`' : '',
    )
    .replace(/ in context for Action::"decide"/g, '')
    .replace(/^unexpected token `}`$/, 'the condition ends too early')
    .replace(
      /expected __cedar::internal::AnyEntity, or __cedar::internal::OpenRecord\{\}/,
      'expected a record',
    );
}

/** UTF-16 offset of a UTF-8 offset. */
function characters(text: string, bytes: number): number {
  let seen = 0;
  let at = 0;
  for (const character of text) {
    if (seen >= bytes) break;
    seen += utf8(character).length;
    at += character.length;
  }
  return at;
}
