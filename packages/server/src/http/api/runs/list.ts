import { Type } from 'typebox';
import { cursorOf, PAGE, readPage } from '../cursor.ts';
import type { Operation } from '../operation.ts';
import { RUN_SUMMARY, summaryBody } from '../shapes/run.ts';
import { nullable } from '../shapes/text.ts';

const Runs = Type.Object(
  { runs: Type.Array(RUN_SUMMARY), next: nullable(Type.String({ description: '`after` of the next page' })) },
  { $id: 'RunPage', additionalProperties: false },
);

export const listRunsOperation: Operation = {
  id: 'listRuns',
  method: 'GET',
  path: '/runs',
  summary: 'List the runs that you asked for',
  query: PAGE,
  answers: { 200: { description: 'a page, in the order of their ids', shape: Runs } },
  problems: [],
  appends: [],
  async handle({ runs, session, query }) {
    const { after, limit } = readPage(query);
    const page = await runs.mine(session, { after, limit });
    const last = page.length < limit ? undefined : page.at(-1);
    return {
      status: 200,
      body: { runs: page.map(summaryBody), next: last === undefined ? null : cursorOf(last.run) },
    };
  },
};
