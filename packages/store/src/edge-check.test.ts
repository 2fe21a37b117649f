import { openCheckpoint, type ReadTile } from '@writ/ledger';
import { describe, expect, test } from 'vitest';
import { memoryLog } from './conformance/memory-log.ts';
import { logOptions, ORIGIN, verifiers } from './conformance/place.ts';
import { checkEdge, checkHead, forkDanger, treeOf } from './edge-check.ts';

const log = logOptions();
const SIZES = [0, 1, 2, 3, 255, 256, 257, 700];

function refusal(run: () => void): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'broken';
  }
}

/** The bytes with one of them changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('the check of the head', () => {
  test.for(SIZES)('accepts a log of %i entries', (size) => {
    const { head } = memoryLog(size);
    expect(refusal(() => checkHead(head, log))).toBe('accepted');
    expect(treeOf(head).size).toBe(size);
  });

  test('refuses it with any byte of root or frontier changed, and any other size', () => {
    const { head } = memoryLog(7);
    for (let at = 0; at < head.root.length; at++) {
      const root = flipped(head.root, at);
      expect(refusal(() => checkHead({ ...head, root }, log))).toBe('verification-failed');
    }
    for (let at = 0; at < head.frontier.length; at++) {
      const frontier = flipped(head.frontier, at);
      expect(refusal(() => checkHead({ ...head, frontier }, log))).toBe('verification-failed');
    }
    for (const size of [0, 6, 8, 11]) {
      expect(refusal(() => checkHead({ ...head, size }, log))).toBe('verification-failed');
    }
  });

  test('refuses a frontier that is cut or continued', () => {
    const { head } = memoryLog(7);
    for (const length of [0, 31, 64, 97]) {
      const frontier = new Uint8Array(length);
      frontier.set(head.frontier.subarray(0, length));
      expect(refusal(() => checkHead({ ...head, frontier }, log))).toBe('verification-failed');
    }
  });

  test('refuses the checkpoint of another log, of another size, and one that nobody signed', () => {
    const { head } = memoryLog(7);
    expect(refusal(() => checkHead(head, { ...log, origin: 'other.example' }))).toBe('verification-failed');
    expect(refusal(() => checkHead(head, { ...log, verifiers: [] }))).toBe('verification-failed');
    const { checkpoint } = memoryLog(8).head;
    expect(refusal(() => checkHead({ ...head, checkpoint }, log))).toBe('verification-failed');
  });
});

describe('the two-path check of the edge', () => {
  test.for(SIZES)('accepts a log of %i entries', (size) => {
    const { head, leaves, readTile } = memoryLog(size);
    expect(refusal(() => checkEdge(head, leaves.at(-1) ?? null, readTile, log))).toBe('accepted');
  });

  test.for([3, 5, 255])('refuses a log of %i entries with any byte of its tile changed', (size) => {
    const { head, leaves, tiles } = memoryLog(size);
    const tile = tiles.get('0/0') ?? new Uint8Array(0);
    for (let at = 0; at < tile.length; at += size > 5 ? 97 : 1) {
      const readTile: ReadTile = () => flipped(tile, at);
      expect(refusal(() => checkEdge(head, leaves.at(-1) ?? null, readTile, log))).toBe(
        'verification-failed',
      );
    }
  });

  test('refuses a log whose last entry is missing, another one, or of another time', () => {
    const { head, leaves, readTile } = memoryLog(5);
    const last = leaves.at(-1) ?? null;
    expect(refusal(() => checkEdge(head, null, readTile, log))).toBe('verification-failed');
    expect(refusal(() => checkEdge(head, leaves[0] ?? null, readTile, log))).toBe('verification-failed');
    const later = { ...head, timeMs: head.timeMs + 1 };
    expect(refusal(() => checkEdge(later, last, readTile, log))).toBe('verification-failed');
  });

  test('refuses a log without one of its edge tiles', () => {
    const { head, leaves, readTile } = memoryLog(700);
    for (const missing of ['0/2', '1/0']) {
      const without: ReadTile = (level, index) =>
        `${level}/${index}` === missing ? undefined : readTile(level, index);
      expect(refusal(() => checkEdge(head, leaves.at(-1) ?? null, without, log))).toBe('verification-failed');
    }
  });
});

describe('fork danger', () => {
  const now = memoryLog(300);
  const mark = (size: number): ReturnType<typeof openCheckpoint> =>
    openCheckpoint(memoryLog(size).head.checkpoint, ORIGIN, verifiers);

  test('is none when the log goes on from what was published', () => {
    const same = openCheckpoint(now.head.checkpoint, ORIGIN, verifiers);
    expect(forkDanger(now.head, same, now.readTile, log)).toBeNull();
    expect(forkDanger(now.head, mark(0), now.readTile, log)).toBeNull();
  });

  test('is seen when the log is shorter', () => {
    expect(forkDanger(now.head, mark(301), now.readTile, log)).toMatch(/^fork danger: .* ends at 300/u);
  });

  test.for([1, 256, 300])('is seen when the first %i entries are others', (size) => {
    expect(forkDanger(now.head, mark(size), now.readTile, log)).toMatch(/holds another history/u);
  });

  test('is assumed when the tiles that would show it are gone', () => {
    expect(forkDanger(now.head, mark(300), () => undefined, log)).toMatch(/cannot show it/u);
  });

  test('is no name for an error of another kind', () => {
    const broken: ReadTile = () => {
      throw new TypeError('a bug');
    };
    expect(() => forkDanger(now.head, mark(300), broken, log)).toThrow(TypeError);
  });
});
