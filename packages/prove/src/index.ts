export { compareFlows, compareUnder } from './compare-flows.ts';
export { DEFAULT_BUDGET, type Moved, type Witness } from './compare-sides.ts';
export {
  type Coverage,
  coverageOf,
  type Missed,
  type MutationScore,
  type Share,
} from './flow-coverage/coverage.ts';
export { decideProperties, type PropertyResult } from './flow-coverage/properties.ts';
export type { StageOutcome } from './flow-coverage/stage-outcomes.ts';
export { bringsAbout, type Suggestion, suggestionFor } from './flow-coverage/suggest.ts';
export { suggestedTest, suggestedYaml } from './flow-coverage/suggested-yaml.ts';
export type * from './flow-verdict.ts';
export { EXAMPLE_FLOW } from './lint/example-flow.ts';
export type { Example, Finding } from './lint/finding.ts';
export { HELD_BY_LOADING, NOT_DECIDED } from './lint/held.ts';
export { type LintOptions, lint } from './lint/lint.ts';
export type { Parts } from './lint/lint-rule.ts';
export { LINT_RULES } from './lint/rules.ts';
export type { Lack } from './lint/subject.ts';
export type { Side, Surroundings } from './model/model.ts';
export * from './plan/compare-sets.ts';
export type { Difference } from './plan/differences.ts';
export * from './plan/tell.ts';
export { secondOpinion } from './second-opinion.ts';
export { type Narrowed, narrowed } from './who/narrow.ts';
export { proofYaml } from './who/proof-yaml.ts';
export { usedClaims } from './who/used-claims.ts';
export { type Answer, type Reach, whoCan } from './who/who.ts';
export type { Later } from './witness/later.ts';
export type { Replayed } from './witness/replay.ts';
export type { Situation } from './witness/situation.ts';
