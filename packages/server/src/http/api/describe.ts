import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import { namedShapes, nameOf } from './named-shapes.ts';
import type { Answer, Described } from './operation.ts';
import { PROBLEM } from './shapes/problem.ts';

/** What every operation may be answered with. */
const USUAL: readonly ProblemCode[] = ['malformed', 'invalid', 'unforeseen', 'unavailable'];
/** And every one that changes something. */
const OF_CHANGES: readonly ProblemCode[] = ['refused', 'too-large', 'not-json'];

/** Makes everything that is mounted in this scope, at the URL `base`, a part of one OpenAPI 3.1 document. */
export async function describeScope(
  scope: FastifyInstance,
  base: string,
  operations: readonly Described[],
): Promise<void> {
  await scope.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Writ',
        version: '1',
        description:
          'Runs and identities. Every answer but a list is one of the shapes below, or a problem of RFC 9457.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: base }],
      security: [{ bearer: [] }, { cookie: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'the secret of a session, for terminals' },
          cookie: { type: 'apiKey', in: 'cookie', name: '__Host-writ', description: 'for pages of ours' },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json) => (typeof json['$id'] === 'string' ? json['$id'] : 'Unnamed'),
    },
  });
  const roots = operations.flatMap(({ body, answers }) => [
    body ?? null,
    ...Object.values(answers).map(({ shape }) => shape),
  ]);
  const shapes = namedShapes([PROBLEM, ...roots.filter((shape) => shape !== null)]);
  for (const shape of shapes) scope.addSchema(shape);
}

/** What the document says of an operation. Nothing is checked by it: an operation reads its own input, more strictly. */
export function schemaOf(operation: Described, open: boolean): FastifySchema {
  const { id, summary, description, query, body, headers, answers, problems, appends, method } = operation;
  const codes: readonly ProblemCode[] = [
    ...USUAL,
    ...(open ? [] : (['not-signed-in'] as const)),
    ...(method === 'POST' ? OF_CHANGES : []),
    ...problems,
  ];
  const schema = {
    operationId: id,
    summary,
    description: [description, appendsText(appends)].filter((each) => each !== undefined).join(' '),
    response: { ...answersOf(answers), ...problemsOf(codes) },
  };
  return {
    ...schema,
    ...(open ? { security: [] } : {}),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body: named(body) }),
    ...(headers === undefined ? {} : { headers: headersOf(headers) }),
  };
}

function appendsText(types: readonly string[]): string | undefined {
  return types.length === 0 ? undefined : `Appends to the ledger: ${types.join(', ')}.`;
}

function named(shape: TSchema): TSchema {
  const name = nameOf(shape);
  return name === null ? shape : { $ref: `${name}#` };
}

function answersOf(answers: Described['answers']): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]));
}

function answerOf({ description, shape, headers }: Answer): object {
  const said = headers === undefined ? { description } : { description, headers: textHeaders(headers) };
  if (shape === null) return { ...said, type: 'null' };
  return { ...said, content: { 'application/json': { schema: named(shape) } } };
}

function problemsOf(codes: readonly ProblemCode[]): Readonly<Record<string, object>> {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const of = [...new Set(codes)].filter((code) => PROBLEMS[code].status === status);
      const description = of.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; ');
      return [status, { description, content: { 'application/problem+json': { schema: named(PROBLEM) } } }];
    }),
  );
}

function headersOf(headers: Readonly<Record<string, string>>): object {
  return { type: 'object', properties: textHeaders(headers) };
}

function textHeaders(headers: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { type: 'string', description }]),
  );
}
