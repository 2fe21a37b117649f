import { type ApiDocument, nameOf, type Schema } from './document.ts';

/** TypeScript of every schema of the API, and of where its operations are. */
export function wireTypes({ components, paths }: ApiDocument): string {
  const schemas = Object.entries(components.schemas).map(([name, schema]) => declaration(name, schema));
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, { operationId }]) =>
        `${operationId}: { method: '${method.toUpperCase()}', path: '${path}' },`,
    ),
  );
  return [
    '/** Written from the description of the API; `npm run fix:wire` writes it again. */',
    ...schemas,
    '/** Where each operation is, below the URL of the API. */',
    'export const OPERATIONS = {',
    ...operations,
    '} as const;\n',
  ].join('\n\n');
}

function declaration(name: string, schema: Schema): string {
  const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
  return schema.properties === undefined
    ? `${comment}export type ${name} = ${typeOf(schema)};`
    : `${comment}export interface ${name} ${members(schema)}`;
}

function members({ properties = {}, required = [] }: Schema): string {
  const lines = Object.entries(properties).map(([name, schema]) => {
    const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
    return `${comment}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`;
  });
  return `{\n${lines.join('\n')}\n}`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema);
  if (schema.enum !== undefined) return schema.enum.map((each) => `'${each}'`).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  switch (schema.type) {
    case 'array':
      return `readonly ${grouped(typeOf(schema.items ?? {}))}[]`;
    case 'object':
      return objectType(schema);
    case 'integer':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'unknown';
  }
}

function objectType(schema: Schema): string {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined) return members(schema);
  if (typeof additionalProperties !== 'object') return 'Readonly<Record<string, never>>';
  return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`;
}

function grouped(type: string): string {
  return / \| |^readonly /.test(type) ? `(${type})` : type;
}
