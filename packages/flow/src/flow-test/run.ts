import type { Facts, Verdict } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import type { CompiledFlow } from '../artefact/compile-flow.ts';
import type { Problem } from '../document/problem.ts';
import type { Expectation, FlowTestFile, Given } from './flow-test.ts';
import type { Standing } from './observed.ts';

/** What became of one `*.test.yaml` file. */
export interface FlowTestRun {
  readonly path: string;
  /** null where it does not load */
  readonly file: FlowTestFile | null;
  readonly problems: readonly Problem[];
  /** what was tested, and by what it was decided; null where there is no such flow */
  readonly tested: { readonly flow: CompiledFlow; readonly set: ArtefactSet } | null;
  readonly results: readonly TestResult[];
  /** what the tests looked at, to be decided again */
  readonly decisions: readonly RecordedDecision[];
  /** what each test, and each fixture, asks at first */
  readonly bases: readonly Base[];
  /** what was not run, and why */
  readonly notes: readonly string[];
}

/** What became of one test. */
export interface TestResult {
  readonly name: string;
  readonly line: number;
  /** each way in which it did not come out as it says; empty where it passed */
  readonly failures: readonly string[];
}

/** A request as it is put before the rules at first, and how a test file says it. */
export interface Base {
  readonly given: Given;
  readonly set: ArtefactSet;
  readonly facts: Facts;
  /** milliseconds since the epoch */
  readonly now: number;
}

/** A decision that a test looked at, as it can be made again. */
export interface RecordedDecision {
  readonly test: string;
  readonly line: number;
  readonly expect: Expectation;
  /** what decided: that of the directory, with what the fixture puts beside it */
  readonly set: ArtefactSet;
  readonly facts: Facts;
  /** milliseconds since the epoch */
  readonly now: number;
  readonly standing: Standing;
  readonly verdict: Verdict;
}
