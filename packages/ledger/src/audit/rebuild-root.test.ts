import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { append, emptyTree, type Hash, hashLeaf } from '../index.ts';
import { RootRebuild } from './rebuild-root.ts';

const hash: Hash = (data) => createHash('sha256').update(data).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const leaf = (i: number): Uint8Array => Buffer.from(`leaf ${i}`);

describe('RootRebuild', () => {
  test('its root is that of the append path at every size, and asking for it disturbs nothing', () => {
    const rebuild = new RootRebuild(hash, () => {});
    let { tree, root } = append(hash, emptyTree, []);
    expect(hex(rebuild.root())).toBe(hex(root));
    for (let i = 0; i < 300; i++) {
      rebuild.add(leaf(i));
      ({ tree, root } = append(hash, tree, [hashLeaf(hash, leaf(i))]));
      expect(hex(rebuild.root())).toBe(hex(root));
      expect(rebuild.size).toBe(i + 1);
    }
  });

  test('it tells every perfect subtree once, the same as the append path', () => {
    const told: string[] = [];
    const rebuild = new RootRebuild(hash, (height, index, node) =>
      told.push(`${height}/${index} ${hex(node)}`),
    );
    const leaves = Array.from({ length: 133 }, (_, i) => leaf(i));
    for (const one of leaves) rebuild.add(one);
    const { nodes } = append(
      hash,
      emptyTree,
      leaves.map((one) => hashLeaf(hash, one)),
    );
    expect(told).toEqual(nodes.map((node) => `${node.level}/${node.index} ${hex(node.hash)}`));
  });

  test('the roots of the published leaves are the published ones, by this path too', () => {
    const rebuild = new RootRebuild(hash, () => {});
    const data = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    for (const one of data) rebuild.add(Buffer.from(one, 'hex'));
    expect(hex(rebuild.root())).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });
});
