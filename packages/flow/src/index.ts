export * from './artefact/artefact-set.ts';
export type { Audience, PublicJwk } from './artefact/audience.ts';
export { type CompiledFlow, type CompiledRule, compiledFrom } from './artefact/compile-flow.ts';
export { CHECK_NAMES, type CheckReads, CONTROL_CHECKS } from './artefact/control-check.ts';
export type { Group, ListedPerson } from './artefact/group.ts';
export type { Guardrail } from './artefact/guardrail.ts';
export { type LoadedForPlan, loadForPlan } from './artefact/load-for-plan.ts';
export { type LoadedSet, loadSet, type SourceFile } from './artefact/load-set.ts';
export type { Control, PolicyPack } from './artefact/policy-pack.ts';
export type { Right } from './artefact/right.ts';
export { type Role, rolesOf } from './artefact/role.ts';
export { unpinned } from './artefact/unpinned.ts';
export { type Absent, fillUrl } from './artefact/url-template.ts';
export { likeMatches } from './condition/compile.ts';
export type { BinaryOperator, Expression, ExtensionType } from './condition/expression.ts';
export { parseExtension } from './condition/extension.ts';
export { assessControls, type ControlResult } from './decide/assess-controls.ts';
export { decide } from './decide/decide.ts';
export { factsRead } from './decide/fact-stage.ts';
export { freezeScopesOf } from './decide/freeze-scopes.ts';
export { identified } from './decide/identified.ts';
export { nearMisses } from './decide/near-misses.ts';
export { listedPeople, membersOf, personOfEvidence } from './decide/people.ts';
export { evidenceKey } from './decide/preconditions.ts';
export { entitlementAfter } from './decide/proposal-stage.ts';
export { sourceUrl } from './decide/source-url.ts';
export { type Deciders, whoDecides } from './decide/who-decides.ts';
export { CHANGE_SOURCE, CHANGE_VERDICTS, type ChangeVerdict } from './definition/change-fact.ts';
export type * from './definition/definition.ts';
export { isAct } from './definition/definition.ts';
export { member, type Node } from './document/node.ts';
export { parseYaml } from './document/parse-yaml.ts';
export { formatProblem, type Problem } from './document/problem.ts';
export * as shape from './document/shape.ts';
export type * from './flow-test/flow-test.ts';
export { HOLDERS } from './flow-test/flow-test.ts';
export { jsonOf } from './flow-test/given.ts';
export { type LoadedFlowTest, loadFlowTest } from './flow-test/load-flow-test.ts';
export {
  FRESH,
  mismatches,
  type Observed,
  observedOf,
  type Standing,
} from './flow-test/observed.ts';
export { type PropertyCondition, readProperty } from './flow-test/property.ts';
export type { Base, FlowTestRun, RecordedDecision, TestResult } from './flow-test/run.ts';
export { describeFlow } from './format/describe-flow.ts';
export { explainRule } from './format/explain-rule.ts';
export { formatFlow } from './format/format-flow.ts';
export { compilePattern, matchesPattern } from './match/pattern.ts';
