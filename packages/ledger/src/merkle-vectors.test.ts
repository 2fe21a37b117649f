import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Hash, LedgerError, verifyConsistency, verifyInclusion } from './index.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(resolve(root, process.env['WRIT_VECTORS'] ?? '../shared/vectors'), 'merkle');
const present = existsSync(folder);
if (!present) process.stdout.write(`ABSENT: vectors ${folder}\n`);

/** The one case we judge otherwise on purpose: it accepts roots of 12 bytes, we demand whole hashes. */
const STRICTER = 'consistency/additional/sizes-are-equal-one-and-proof-is-empty.json';

interface InclusionCase {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

interface ConsistencyCase {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
const files = (kind: string): string[] => (present ? globSync(`${kind}/**/*.json`, { cwd: folder }) : []);
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}

describe.skipIf(!present)('RFC 6962 vectors of transparency-dev/merkle', () => {
  test('there are as many as we know of', () => {
    expect(files('inclusion').length + files('consistency').length).toBe(196);
  });

  test.each(files('inclusion'))('L3 %s', (file) => {
    const given = read(file) as InclusionCase;
    const claim = {
      index: given.leafIdx,
      size: given.treeSize,
      leafHash: bytes(given.leafHash),
      proof: (given.proof ?? []).map(bytes),
      root: bytes(given.root),
    };
    expect(holds(() => verifyInclusion(hash, claim))).toBe(!given.wantErr);
  });

  test.each(files('consistency'))('L3 %s', (file) => {
    const given = read(file) as ConsistencyCase;
    const claim = {
      size1: given.size1,
      size2: given.size2,
      root1: bytes(given.root1),
      root2: bytes(given.root2),
      proof: (given.proof ?? []).map(bytes),
    };
    expect(holds(() => verifyConsistency(hash, claim))).toBe(!given.wantErr && file !== STRICTER);
  });
});
