import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Hash } from '@writ/core';
import { formatProblem, loadForPlan, type Node, parseYaml } from '@writ/flow';
import { expect, test } from 'vitest';
import { compareUnder, type FlowVerdict, type Side } from './index.ts';
import { type Plain, patched, type Step } from './json-patch.test.ts';

export const sha256: Hash = (data) => createHash('sha256').update(data).digest();

export const root: string = resolve(import.meta.dirname, '../../..');

export const FLOWS = [
  'agent-tool-identity',
  'ci-deploy-token',
  'device-certificate',
  'integration-api-key',
] as const;
export type FlowName = (typeof FLOWS)[number];

function plain(node: Node): Plain {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}

/** A file of YAML as plain data. */
export function plainFile(path: string): Plain {
  const { root: node, problems } = parseYaml(path, readFileSync(path, 'utf8'));
  if (node === null) throw new Error(problems.map(formatProblem).join('\n'));
  return plain(node);
}

/** One of the four flows of the example. */
export function plainFlow(name: FlowName): Plain {
  return plainFile(join(root, 'examples/acme/flows', `${name}.flow.yaml`));
}

/** A directory that holds one flow alone. */
export function alone(document: Plain): Side {
  const { set, problems } = loadForPlan([{ path: 'flow.yaml', text: JSON.stringify(document) }], sha256);
  const [flow] = set?.flows.values() ?? [];
  if (set === null || flow === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  const { anchors, guardrails, packs } = set;
  return { flow, around: { sha256, anchors, guardrails, packs, rights: null } };
}

export function compareChange(name: FlowName, steps: readonly Step[]): FlowVerdict {
  const before = plainFlow(name);
  return compareUnder(alone(before), alone(patched(before, steps)));
}

/** Every witness is what it says: issued and usable after, not so before. */
export function expectReplayed({ wider, narrower }: FlowVerdict): void {
  for (const witness of [wider, narrower]) {
    if (witness === null) continue;
    expect(witness.after.outcome).toBe('issue');
    expect([witness.after.active, witness.before.active]).toEqual([true, false]);
  }
}

test.each(FLOWS)('%s alone is a directory that can be compared', (name) => {
  expect(alone(plainFlow(name)).flow.definition.name).toBe(name);
});
