import { type Static, Type } from 'typebox';
import { Problem } from '../../problem.ts';
import type { Operation } from '../operation.ts';
import { shapeReader } from '../read-shape.ts';
import { RUN, runBody } from '../shapes/run.ts';
import { nullable, text } from '../shapes/text.ts';

const strict = { additionalProperties: false } as const;
/** Characters of one file, and files of a set, at most. */
const LONGEST_FILE = 500_000;
const MOST_FILES = 1_000;
/** Bytes of a whole proposal. */
const LARGEST = 8 * 1024 * 1024;

const HASH = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of an artefact set, hexadecimal' });

const ProposedChange = Type.Object(
  {
    summary: text('what it is for, in a sentence', 500),
    base: Type.Optional(nullable(HASH)),
    files: Type.Optional(
      Type.Array(
        Type.Object(
          { path: text('below the directory'), text: Type.String({ maxLength: LONGEST_FILE }) },
          strict,
        ),
        {
          maxItems: MOST_FILES,
          description: 'every artefact there is to be',
        },
      ),
    ),
    rollback: Type.Optional(HASH),
  },
  {
    $id: 'ProposedChange',
    ...strict,
    description: 'either `files`, or `rollback`: a set that was in force before',
  },
);
const read = shapeReader(ProposedChange);

export const proposeChangeOperation: Operation = {
  id: 'proposeChange',
  method: 'POST',
  path: '/changes',
  summary: 'Ask for another artefact set to be put in force, or an earlier one',
  description:
    'The answer is a run. How many must agree depends on what is proved of the change. With `base`, it is refused where ' +
    'something else is in force by now.',
  body: ProposedChange,
  largest: LARGEST,
  answers: {
    201: { description: 'it is in force', shape: RUN, headers: { Location: 'where the run is' } },
    202: {
      description: 'it waits for what its obligations name',
      shape: RUN,
      headers: { Location: 'where the run is' },
    },
  },
  problems: ['refused', 'conflict', 'contention', 'unsupported'],
  appends: ['artefacts'],
  async handle({ runs, session, body, base: url }) {
    const asked: Static<typeof ProposedChange> = read(body);
    const { summary, base = null, files = null, rollback = null } = asked;
    const answer = await runs.propose(session, { summary, base, files, rollback });
    if (answer.outcome === 'refused')
      throw new Problem('refused', { reasons: answer.reasons, reference: answer.reference });
    const { outcome, run } = answer;
    const headers = { Location: `${url}/runs/${run.run}` };
    return { status: outcome === 'issued' ? 201 : 202, body: runBody(run), headers };
  },
};
