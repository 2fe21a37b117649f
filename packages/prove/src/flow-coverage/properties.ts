import { type Expression, type Property, readProperty } from '@writ/flow';
import { compileCondition } from '../formula/compile-condition.ts';
import { and, type Formula, not, or } from '../formula/formula.ts';
import { Unsupported } from '../formula/vocabulary.ts';
import { exampleOf } from '../lint/example.ts';
import type { Example } from '../lint/finding.ts';
import { Inquiry } from '../lint/inquiry.ts';
import { approvalsOf, issued } from '../lint/statements.ts';
import { sideOf } from '../lint/subject.ts';
import { Exhausted } from '../solve/search.ts';
import type { Tested } from './tested.ts';

/** What the prover makes of a property, for all requests. */
export interface PropertyResult {
  readonly kind: Property['kind'];
  readonly text: string;
  readonly line: number;
  readonly holds: boolean;
  /** why it is not decided, or null; what is not decided does not hold */
  readonly because: string | null;
  /** a request that breaks it, or that shows what is reachable */
  readonly example: Example | null;
}

/** Decides each property of a test file for every request that the guardrails leave, whoever holds a right. */
export function decideProperties(
  tested: Tested,
  properties: readonly Property[],
  budget: number,
): readonly PropertyResult[] {
  return properties.map((property) => {
    try {
      return decided(tested, property, budget);
    } catch (error) {
      if (!(error instanceof Exhausted || error instanceof Unsupported)) throw error;
      return { ...property, holds: false, because: error.message, example: null };
    }
  });
}

function decided({ flow, set }: Tested, property: Property, budget: number): PropertyResult {
  const read = readProperty(flow, set.anchors, set.sha256, property.text);
  if ('problem' in read) return { ...property, holds: false, because: read.problem, example: null };
  const inquiry = new Inquiry(sideOf(set, flow), { left: budget });
  const statement = statementOf(inquiry, read.expression, read.counts);
  const example = exampleOf(inquiry, inquiry.over([statement]), {
    statements: [...issued(inquiry), statement],
    demands: inquiry.model.demands,
  });
  return { ...property, holds: (example === null) === (property.kind === 'never'), because: null, example };
}

type Counts = ReadonlyMap<string, string>;

/** When the condition holds. Counts of approvals stand where `&&` and `||` alone surround them. */
function statementOf(inquiry: Inquiry, expression: Expression, counts: Counts): Formula {
  if (!counted(expression, counts)) return compileCondition(expression, inquiry.scope.resolve).holds;
  if (expression.op === 'and')
    return and(statementOf(inquiry, expression.left, counts), statementOf(inquiry, expression.right, counts));
  if (expression.op === 'or')
    return or(statementOf(inquiry, expression.left, counts), statementOf(inquiry, expression.right, counts));
  return fewerThan(inquiry, expression, counts);
}

/** Fewer of that group need agree: no approval that is demanded asks for so many. */
function fewerThan(inquiry: Inquiry, expression: Expression, counts: Counts): Formula {
  const { op } = expression;
  if (op === 'lt' || op === 'le') {
    const { left, right } = expression;
    const who = left.op === 'get' ? counts.get(left.path.at(-1) ?? '') : undefined;
    if (who !== undefined && right.op === 'value' && typeof right.value === 'number') {
      const least = op === 'lt' ? right.value : right.value + 1;
      const asks = approvalsOf(inquiry).filter((demand) => demand.who.from === who && demand.count >= least);
      return not(or(...asks.map(({ when }) => when)));
    }
  }
  throw new Unsupported('`approvals(…)` is compared with a number by `<` or `<=`, and not negated');
}

function counted(expression: Expression, counts: Counts): boolean {
  return JSON.stringify(expression)
    .split('"')
    .some((text) => counts.has(text));
}
