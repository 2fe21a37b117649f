import type { ArtefactSet, Problem, SourceFile } from '@writ/flow';
import { Unsupported } from '../formula/vocabulary.ts';
import { Exhausted } from '../solve/search.ts';
import type { Finding, Found } from './finding.ts';
import type { LintRule } from './lint-rule.ts';
import { type Places, placesIn } from './places.ts';
import { LINT_RULES } from './rules.ts';
import { type Lack, Subject } from './subject.ts';

/** What is known besides the set. */
export interface LintOptions {
  /** the files the set was loaded from: findings then say where they are, and spelling is judged */
  readonly files?: readonly SourceFile[];
  /** what loading warned of */
  readonly problems?: readonly Problem[];
  /** what the files do not say at all, and is therefore not judged */
  readonly lacks?: ReadonlySet<Lack>;
  /** case splits that may be made, and statements that may be looked at, for each flow */
  readonly budget?: number;
}

const BUDGET = 10_000_000;

/**
 * Everything that the lint rules find in a set, in the order of flows and rules. An error bars publishing, never loading,
 * testing or comparing. What a rule cannot decide is found as well.
 */
export function lint(set: ArtefactSet, options: LintOptions = {}): readonly Finding[] {
  const places = placesIn(options.files ?? []);
  return [...set.flows.values()].flatMap((flow) => {
    const { name } = flow.definition;
    const file = places.file(name);
    const warnings = (options.problems ?? []).filter(
      ({ severity, file: path }) => severity === 'warning' && path === file?.path,
    );
    const lacks = options.lacks ?? new Set<Lack>();
    const budget = { left: options.budget ?? BUDGET };
    const subject = new Subject({ flow, set, lacks, file, warnings }, budget);
    return LINT_RULES.flatMap((rule) =>
      foundBy(rule, subject).map((found) => findingOf(rule, name, found, places)),
    );
  });
}

/** What cannot be decided counts as found: a rule that gave up has ruled out nothing. */
function foundBy(rule: LintRule, subject: Subject): readonly Found[] {
  try {
    return rule.check(subject);
  } catch (error) {
    if (!(error instanceof Unsupported) && !(error instanceof Exhausted)) throw error;
    const message = `could not be decided, and may be so (${rule.title}): ${error.message}`;
    return [{ rule: 'flow', message, help: 'simplify the conditions of the flow' }];
  }
}

function findingOf(rule: LintRule, flow: string, found: Found, places: Places): Finding {
  return {
    id: rule.id,
    severity: found.severity ?? rule.severity,
    flow,
    rule: found.rule,
    place: found.place ?? places.of(flow, found.at ?? pathOf(found.rule)),
    message: found.message,
    help: found.help ?? rule.help,
    example: found.example ?? null,
  };
}

/** Where a rule stands by its name: a claim is matched below its proof. */
function pathOf(rule: string): string {
  return rule.replace(/^(proof\.[a-z0-9_]+)\.(.+)$/, '$1.match.$2');
}
