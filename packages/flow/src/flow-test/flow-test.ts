import type { Json, Stage } from '@writ/core';

/** What a `*.test.yaml` file says of one flow. Times in seconds, instants in milliseconds since the epoch. */
export interface FlowTestFile {
  readonly flow: string;
  readonly fixtures: Readonly<Record<string, Fixture>>;
  readonly tests: readonly FlowTest[];
  readonly properties: readonly Property[];
  readonly coverage: CoverageDemand;
}

/** A good request, from which tests differ in little. */
export interface Fixture {
  /** a file of recorded claims beside the test, or the claims by proof id */
  readonly evidence: string | Readonly<Record<string, Json>>;
  readonly request: Readonly<Record<string, Json>>;
  readonly identity: Readonly<Record<string, Json>>;
  readonly facts: Readonly<Record<string, Json>>;
  /** people beside those of the artefact set, with the groups that they are in */
  readonly people: Readonly<Record<string, readonly string[]>>;
  /** whether the identity has a right to all that the flow issues, instead of those of the directory */
  readonly wideRights: boolean;
  /** what the caller shows to hold; null: the first that the flow binds to */
  readonly holder: HolderKind | null;
  readonly now: number;
}

export const HOLDERS = ['dpop', 'mtls', 'tpm-key', 'none'] as const;
export type HolderKind = (typeof HOLDERS)[number];

export interface FlowTest {
  readonly name: string;
  /** line of the file, from 1 */
  readonly line: number;
  readonly given: Given;
  /** what the request is answered at first; null where only the steps expect something */
  readonly expect: Expectation | null;
  readonly steps: readonly Step[];
}

export interface Given {
  readonly from: string;
  readonly with: Readonly<Record<string, Json>>;
  readonly without: readonly string[];
}

export interface Step {
  readonly line: number;
  readonly act: Act | null;
  readonly expect: Expectation | null;
}

export type Act =
  | {
      readonly kind: 'approve';
      readonly rule: string;
      readonly by: string;
      readonly as: string | null;
      /** how the person acts; `webauthn` unless the test tries something weaker */
      readonly factor: string;
      readonly pauseBefore: 'generate' | null;
    }
  | { readonly kind: 'confirm'; readonly by: string; readonly pauseBefore: 'generate' | null }
  | { readonly kind: 'deny'; readonly rule: string; readonly by: string }
  | {
      readonly kind: 'mutate';
      readonly with: Readonly<Record<string, Json>>;
      readonly without: readonly string[];
    }
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'freeze'; readonly scope: string };

/** What of an answer a test holds to; what is null is not looked at. */
export interface Expectation {
  readonly outcome: Outcome | null;
  readonly stage: Stage | null;
  /** a part of the first reason, or parts of reasons by rule */
  readonly because: string | Readonly<Record<string, string>> | null;
  readonly ttl: number | null;
  readonly binding: readonly string[] | null;
  readonly humanVisible: boolean | null;
  readonly deliver: readonly string[] | null;
  readonly activate: string | null;
  readonly revokeOn: readonly string[] | null;
  readonly reviewEvery: number | null;
  readonly rotateEvery: number | null;
  readonly approvals: readonly string[] | null;
  readonly decidedBy: readonly string[] | null;
  readonly refusedApproval: string | null;
  readonly approvalsVoided: readonly string[] | null;
}

export const OUTCOMES = ['issued', 'waiting', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Decided by the prover for all requests. */
export interface Property {
  readonly kind: 'never' | 'reachable';
  readonly text: string;
  readonly line: number;
}

/** Least shares in percent; null where the file demands nothing. */
export interface CoverageDemand {
  readonly rules: number | null;
  readonly branches: number | null;
  readonly mutantsKilled: number | null;
  /** mutants that may survive, by name */
  readonly allowSurvivors: readonly string[];
}
