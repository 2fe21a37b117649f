import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alone, expectReplayed, type FlowName, plainFile, root } from './fixture.test.ts';
import { compareUnder } from './index.ts';
import { patched, type Step } from './json-patch.test.ts';

const vectors = resolve(root, process.env['WRIT_VECTORS'] ?? '../shared/vectors');
const present = existsSync(join(vectors, 'flow-changes.yaml'));
if (!present) console.log('ABSENT: vectors flow-changes.yaml');

interface Row {
  readonly flow: FlowName;
  readonly change: string;
  readonly patch: readonly Step[];
  readonly verdict: string;
  readonly stage?: readonly string[];
}

const rows = present ? (plainFile(join(vectors, 'flow-changes.yaml')) as unknown as readonly Row[]) : [];

describe.skipIf(!present)('flow-changes.yaml', () => {
  test.each(rows)('S3.12 $flow: $change is $verdict', ({ flow, patch, verdict, stage = [] }) => {
    const before = plainFile(join(vectors, 'flows', `${flow}.flow.yaml`));
    const answer = compareUnder(alone(before), alone(patched(before, patch)));
    expect([answer.verdict, answer.because]).toEqual([verdict, null]);
    expect(answer.stages).toEqual(expect.arrayContaining([...stage]));
    expect([answer.wider !== null, answer.narrower !== null]).toEqual([
      verdict === 'wider' || verdict === 'incomparable',
      verdict === 'narrower' || verdict === 'incomparable',
    ]);
    expectReplayed(answer);
  });
});
