import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Document, parse, parseDocument } from 'yaml';
import { formatFlow } from '../format/format-flow.ts';
import { ACME_FLOWS, compileText } from './acme.test.ts';

interface Change {
  readonly flow: string;
  readonly change: string;
  readonly patch: readonly {
    readonly op: string;
    readonly path: string;
    readonly from?: string;
    readonly value?: unknown;
  }[];
}

const file = join(
  resolve(import.meta.dirname, '../../../..', process.env['WRIT_VECTORS'] ?? '../shared/vectors'),
  'flow-changes.yaml',
);
const present = existsSync(file);
if (!present) console.log('ABSENT: vectors flow-changes.yaml');
const changes = present ? (parse(readFileSync(file, 'utf8')) as readonly Change[]) : [];

/** RFC 6902, as far as the vectors use it. */
function patched(text: string, { patch }: Change): string {
  const document: Document = parseDocument(text);
  const place = (path: string): (string | number)[] =>
    path
      .slice(1)
      .split('/')
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  for (const { op, path, from, value } of patch) {
    const at = place(path);
    let node: unknown = value;
    if (op === 'move') {
      node = document.getIn(place(from!), true);
      document.deleteIn(place(from!));
    }
    if (op === 'remove') document.deleteIn(at);
    else if (at.at(-1) === '-') document.addIn(at.slice(0, -1), node);
    else document.setIn(at, node);
  }
  return document.toString({ lineWidth: 0 });
}

describe.skipIf(!present)('changes of the vectors', () => {
  const original = (name: string): string => ACME_FLOWS.find(({ path }) => path.includes(name))!.text;

  test.each(changes)('S3.12 $flow, $change: it loads, so that it can be judged', (change) => {
    expect(compileText(patched(original(change.flow), change)).problems).toEqual([]);
  });

  test.each(changes)('F17 $flow, $change: another hash, before and after formatting', (change) => {
    const text = patched(original(change.flow), change);
    const { flow } = compileText(text);
    expect(flow!.hash).not.toBe(compileText(original(change.flow)).flow!.hash);
    expect(compileText(formatFlow(text)).flow?.hash).toBe(flow!.hash);
  });
});
