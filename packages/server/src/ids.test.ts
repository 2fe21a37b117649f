import { describe, expect, test } from 'vitest';
import { createIds } from './ids.ts';

const START = Date.UTC(2026, 10, 22);

describe('createIds', () => {
  test('no name is made twice, however many share a draw of random bytes', () => {
    const ids = createIds(() => START);
    const names = Array.from({ length: 5_000 }, () => [ids.run(), ids.token(), ids.reference()]).flat();
    const salts = Array.from({ length: 5_000 }, () => Buffer.from(ids.salt()).toString('hex'));
    expect(new Set([...names, ...salts]).size).toBe(20_000);
  });

  test('names of later times sort behind those of earlier ones', () => {
    const state = { now: START };
    const ids = createIds(() => state.now);
    const tokens = Array.from({ length: 2_000 }, () => {
      state.now += 7_919_000;
      return ids.token();
    });
    expect(tokens).toEqual(tokens.toSorted());
  });

  test('a token carries 160 random bits behind its time, a salt 256', () => {
    const ids = createIds(() => START);
    const random = (): Buffer => Buffer.from(ids.token().slice(9), 'base64url');
    expect(random()).toHaveLength(20);
    expect(ids.salt()).toHaveLength(32);
    const ones = Array.from({ length: 2_000 }, random).map((bytes) =>
      [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join(''),
    );
    const means = Array.from(
      { length: 160 },
      (_, bit) => ones.filter((bits) => bits[bit] === '1').length / 2_000,
    );
    expect(means.every((mean) => mean > 0.42 && mean < 0.58)).toBe(true);
  });

  test('a salt handed out is in memory of its own', () => {
    const ids = createIds(() => START);
    const salt = ids.salt();
    const copy = [...salt];
    for (let i = 0; i < 1_000; i++) ids.salt();
    expect([...salt]).toEqual(copy);
  });
});
