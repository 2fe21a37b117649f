import { type Static, Type } from 'typebox';
import type { Operation } from '../operation.ts';

const strict = { additionalProperties: false } as const;

const ArtefactsInForce = Type.Object(
  {
    hash: Type.String({ description: 'of the set, hexadecimal' }),
    files: Type.Array(Type.Object({ path: Type.String(), text: Type.String() }, strict)),
  },
  { $id: 'ArtefactsInForce', ...strict },
);

export const getArtefactsOperation: Operation = {
  id: 'getArtefacts',
  method: 'GET',
  path: '/artefacts',
  summary: 'Show what decisions are made by, as it was published',
  answers: { 200: { description: 'the set in force', shape: ArtefactsInForce } },
  problems: [],
  appends: [],
  async handle({ runs, session }) {
    const { hash, files } = await runs.artefacts(session);
    const body: Static<typeof ArtefactsInForce> = {
      hash,
      files: files.map(({ path, text }) => ({ path, text })),
    };
    return { status: 200, body };
  },
};
