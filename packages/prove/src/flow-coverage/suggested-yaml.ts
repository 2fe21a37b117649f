import { formatDuration, type Json } from '@writ/core';
import type { Act, Expectation } from '@writ/flow';
import type { Suggestion } from './suggest.ts';

/** A test as a test file says it. */
export function suggestedTest({ mutant, given, act, expect }: Suggestion): Readonly<Record<string, Json>> {
  const { from, with: put, without } = given;
  const changes = {
    ...(Object.keys(put).length === 0 ? {} : { with: put }),
    ...(without.length === 0 ? {} : { without }),
  };
  const test = {
    name: `suggested: notices ${mutant.name}`,
    given: Object.keys(changes).length === 0 ? from : { from, ...changes },
  };
  if (act === null) return { ...test, expect: expectJson(expect) };
  return { ...test, steps: [{ ...actJson(act), expect: expectJson(expect) }] };
}

/** The same, ready to be pasted below `tests:`. */
export function suggestedYaml(suggestion: Suggestion): string {
  const { name, ...rest } = suggestedTest(suggestion);
  const lines = Object.entries(rest).map(([key, value]) => `    ${key}: ${flow(value)}`);
  return [`  - name: ${JSON.stringify(name)}`, ...lines].join('\n');
}

/** JSON is YAML; names that need no quotes are easier to read without. */
function flow(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' && PLAIN.test(value) ? value : JSON.stringify(value ?? null);
  const members = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return `{ ${members.join(', ')} }`;
}

const PLAIN = /^(?!true$|false$|null$)[a-z][a-z0-9_/-]*(?::[a-z][a-z0-9_-]*)?$/;

function actJson(act: Act): Readonly<Record<string, Json>> {
  switch (act.kind) {
    case 'approve': {
      const { rule, by, factor } = act;
      return { approve: { rule, by, ...(factor === 'webauthn' ? {} : { factor }) } };
    }
    case 'advance':
      return { advance: formatDuration(act.seconds) };
    case 'confirm':
      return { confirm: { by: act.by } };
    case 'deny':
      return { deny: { rule: act.rule, by: act.by } };
    case 'mutate':
      return { mutate: act.with };
    case 'freeze':
      return { event: `freeze ${act.scope}` };
  }
}

function expectJson(expect: Expectation): Readonly<Record<string, Json>> {
  const seconds = (value: number | null): string | null => (value === null ? null : formatDuration(value));
  const all: Readonly<Record<string, Json>> = {
    outcome: expect.outcome,
    stage: expect.stage,
    ttl: seconds(expect.ttl),
    binding: expect.binding,
    'human-visible': expect.humanVisible,
    activate: expect.activate,
    'revoke-on': expect.revokeOn,
    'review-every': seconds(expect.reviewEvery),
    'rotate-every': seconds(expect.rotateEvery),
    approvals: expect.approvals,
    'decided-by': expect.decidedBy,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}
