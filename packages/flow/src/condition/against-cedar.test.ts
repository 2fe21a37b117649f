import { isAuthorized, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Value } from '@writ/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Both, CONDITION, WORLD } from './arbitrary-condition.test.ts';
import { AbsentFact, compile, type Environment } from './compile.ts';
import type { Expression } from './expression.ts';
import { lower } from './lower.ts';
import { rewrite } from './rewrite.ts';
import { cedarSchema } from './schema.ts';
import { validateConditions } from './validate.ts';

/** Rounds, conditions in one (Cedar's cost is in the call, not in the policy), and facts that each is tried on. */
const ROUNDS = 60;
const BATCH = 50;
const FACTS = 6;

const conditions = fc.array(
  CONDITION.filter((condition) => !isTooDeep(rewrite(condition))),
  { minLength: BATCH, maxLength: BATCH, size: 'max' },
);
const worlds = fc.array(WORLD.value, { minLength: FACTS, maxLength: FACTS, size: 'max' });

function isTooDeep(rewritten: ReturnType<typeof rewrite>): boolean {
  return 'message' in rewritten && rewritten.message.includes('too deep');
}

function policyOf(condition: string): string {
  const rewritten = rewrite(condition);
  if ('message' in rewritten) throw new Error(`${rewritten.message}: ${condition}`);
  return `permit(principal, action, resource) when {\n${rewritten.cedar}\n};`;
}

/** As our loader lowers it, without asking the validator: that refuses unguarded reads, which are to be compared too. */
function lowered(condition: string): Expression {
  const answer = policyToJson(policyOf(condition));
  if (answer.type === 'failure') throw new Error(`${answer.errors[0]?.message}: ${condition}`);
  return lower(answer.json.conditions[0]?.body);
}

type Answer = boolean | 'absent';

/** Per condition: true, false, or `absent` where Cedar answers with an error. All are permits, so all that hold are named. */
function cedarSays(batch: readonly string[], context: unknown): readonly Answer[] {
  const answer = isAuthorized({
    principal: { type: 'Writ', id: 'x' },
    action: { type: 'Action', id: 'decide' },
    resource: { type: 'Writ', id: 'x' },
    context: context as Record<string, never>,
    policies: {
      staticPolicies: Object.fromEntries(batch.map((condition, i) => [`p${i}`, policyOf(condition)])),
    },
    entities: [],
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const { reason, errors } = answer.response.diagnostics;
  for (const { error } of errors) expect(error.message).toContain('does not have the attribute');
  const failed = new Set(errors.map(({ policyId }) => policyId));
  const held = new Set(reason);
  return batch.map((_, i) => (failed.has(`p${i}`) ? 'absent' : held.has(`p${i}`)));
}

function weSay(expression: Expression, environment: Value): Answer {
  try {
    return compile(expression)(environment as Environment);
  } catch (error) {
    if (error instanceof AbsentFact) return 'absent';
    throw error;
  }
}

/** Like `fc.assert`, and says which condition disagrees instead of printing a round of fifty. */
function checkHolds(property: fc.IProperty<[string[], Both[]]>): void {
  const { failed, seed, errorInstance } = fc.check(property, { numRuns: ROUNDS, endOnFailure: true });
  if (failed) throw new Error(`seed ${seed}`, { cause: errorInstance });
}

describe('compile', () => {
  test('every condition answers as Cedar does, and says `absent` exactly where Cedar cannot answer', () => {
    const seen = { true: 0, false: 0, absent: 0 };
    checkHolds(
      fc.property(conditions, worlds, (batch, facts) => {
        const expressions = batch.map(lowered);
        for (const [ours, cedar] of facts) {
          const theirs = cedarSays(batch, cedar);
          expressions.forEach((expression, i) => {
            const said = weSay(expression, ours);
            seen[`${said}`]++;
            if (said !== theirs[i])
              throw new Error(`${said}, Cedar ${theirs[i]}: ${batch[i]} on ${JSON.stringify(cedar)}`);
          });
        }
      }),
    );
    const pairs = seen.true + seen.false + seen.absent;
    expect(pairs).toBeGreaterThanOrEqual(5_000);
    // Each answer must have been worth comparing.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(pairs / 50);
    console.log(`${pairs} conditions on facts: ${JSON.stringify(seen)}`);
  });

  test('a condition that validates never meets an absent fact', () => {
    const schema = cedarSchema(WORLD.schema as Parameters<typeof cedarSchema>[0]);
    let sound = 0;
    checkHolds(
      fc.property(conditions, worlds, (batch, facts) => {
        const sources = batch.map((condition) => ({ text: condition, at: 0, contentAt: 0 }));
        for (const { text: condition, expression } of validateConditions(
          sources,
          schema,
          () => {},
        ).values()) {
          sound++;
          if (facts.some(([ours]) => weSay(expression, ours) === 'absent')) throw new Error(condition);
        }
      }),
    );
    expect(sound).toBeGreaterThan(100);
  });
});
