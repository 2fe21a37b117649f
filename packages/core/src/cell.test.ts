import { expect, test } from 'vitest';
import {
  ARTEFACTS_CELL,
  ARTEFACTS_MODE_CELL,
  activeKeyCell,
  credentialCell,
  freezeCell,
  identityCell,
  keyCell,
  runCell,
} from './cell.ts';

test('no two kinds of cell share a name, whatever they are of', () => {
  const makers = [identityCell, freezeCell, runCell, keyCell, activeKeyCell, credentialCell];
  const names = ['a', '', 'identity:a', 'everything', 'key:a', ARTEFACTS_CELL];
  const cells = [
    ARTEFACTS_CELL,
    ARTEFACTS_MODE_CELL,
    ...makers.flatMap((cell) => names.map((name) => cell(name))),
  ];
  expect(new Set(cells).size).toBe(cells.length);
});

test('S3.11 a freeze of an identity is not the identity', () => {
  expect(freezeCell('identity:svc')).not.toBe(identityCell('svc'));
});
