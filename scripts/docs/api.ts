import { PROBLEMS } from '@writ/server';
import { type ApiDocument, type ApiOperation, nameOf, type Schema } from '../wire/document.ts';
import { table } from './tables.ts';

/** Every operation of the API, one section each. */
export function apiOperations({ paths }: ApiDocument): string {
  return Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) =>
        section(`${method.toUpperCase()} ${path}`, operation),
      ),
    )
    .join('\n\n');
}

/** Every shape, with its members. */
export function apiShapes({ components }: ApiDocument): string {
  return Object.entries(components.schemas)
    .map(([name, schema]) => {
      const said = schema.description === undefined ? '' : `${sentence(schema.description)}\n\n`;
      return `### ${name}\n\n${said}${membersTable(schema)}`;
    })
    .join('\n\n');
}

export function apiProblems(): string {
  const rows = Object.entries(PROBLEMS).map(([code, { status, title, help }]) => [
    `\`${code}\``,
    String(status),
    title,
    cell(help),
  ]);
  return table(['code', 'status', 'means', 'do'], rows);
}

/** What any operation may answer: said once, above them. */
const ANY: ReadonlySet<string> = new Set(['400', '401', '413', '415', '500', '503']);

function section(title: string, operation: ApiOperation): string {
  const { operationId, summary, description, parameters = [], requestBody, responses, security } = operation;
  const open = security?.length === 0 ? ' No session is needed.' : '';
  const text = [summary, description ?? ''].filter((each) => each !== '').map(sentence);
  const body = requestBody?.content['application/json']?.schema;
  const rows = [
    ...parameters.map((each) => [`${each.in} \`${each.name}\``, cell(each.description ?? '')]),
    ...(body === undefined ? [] : [['body', linked(body)]]),
    ...Object.entries(responses)
      .filter(([status]) => !ANY.has(status))
      .map(([status, answer]) => [status, answerText(answer)]),
  ];
  return `### ${title}\n\n${text.join(' ')}${open} Called \`${operationId}\`.\n\n${table(['', ''], rows)}`;
}

function answerText({ description, content, headers = {} }: ApiOperation['responses'][string]): string {
  const schema = Object.values(content ?? {})[0]?.schema;
  const shape = schema?.$ref === undefined ? '' : `: ${linked(schema)}`;
  const names = Object.keys(headers).map((name) => `\`${name}\``);
  const and = names.length === 0 ? '' : `, with ${names.join(' and ')}`;
  return (
    cell(description) + (Object.keys(content ?? {})[0] === 'application/problem+json' ? '' : shape + and)
  );
}

function membersTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    typeText(schema),
    required.includes(name) ? 'yes' : '',
    cell(schema.description ?? ''),
  ]);
  return rows.length === 0 ? 'It has no members.' : table(['member', 'type', 'always', ''], rows);
}

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return linked(schema);
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${each}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.type === 'object') return objectText(schema);
  return schema.type ?? 'anything';
}

function objectText({ properties, additionalProperties }: Schema): string {
  if (properties !== undefined) {
    const members = Object.entries(properties).map(([name, inner]) => `\`${name}\` ${typeText(inner)}`);
    return `object: ${members.join('; ')}`;
  }
  return typeof additionalProperties === 'object' ? `map of ${typeText(additionalProperties)}` : 'object';
}

function linked(schema: Schema): string {
  const name = nameOf(schema);
  return `[${name}](#${name.toLowerCase()})`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** What stands in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
