import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog } from './conformance/memory-log.ts';
import { logOptions } from './conformance/place.ts';
import { createHighWater, readHighWater } from './high-water.ts';

const log = logOptions();
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'writ-mark-'));
  path = join(directory, 'high-water');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('the high-water mark', () => {
  test('is none where nothing was published', () => {
    expect(readHighWater(path, log)).toBeNull();
  });

  test('is the newest checkpoint when the store is closed', async () => {
    const mark = createHighWater(path);
    for (const size of [1, 2, 3]) mark.raise(memoryLog(size).head.checkpoint);
    await mark.close();
    expect(readHighWater(path, log)?.size).toBe(3);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('is left as it was when nothing was published', async () => {
    const mark = createHighWater(path);
    mark.raise(memoryLog(2).head.checkpoint);
    await mark.close();
    await createHighWater(path).close();
    expect(readHighWater(path, log)?.size).toBe(2);
  });

  test('of another log, or changed by hand, is refused', () => {
    writeFileSync(path, memoryLog(2).head.checkpoint);
    expect(() => readHighWater(path, { ...log, origin: 'other.example' })).toThrow(
      /not a checkpoint of this log/u,
    );
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n2\n', '\n1\n'));
    expect(() => readHighWater(path, log)).toThrow(/not a checkpoint of this log/u);
  });

  test('that cannot be written stops nobody', async () => {
    const mark = createHighWater(join(directory, 'no', 'such', 'place'));
    mark.raise(memoryLog(1).head.checkpoint);
    await expect(mark.close()).resolves.toBeUndefined();
  });

  test('that cannot be read is no empty mark', () => {
    expect(() => readHighWater(directory, log)).toThrow(/EISDIR/u);
  });
});
