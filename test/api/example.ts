import type { Described, Description, Schema } from './conforms.ts';

/** The body of an operation: null where it takes none. */
export function bodySchema({ requestBody }: Described): Schema | null {
  return requestBody?.content['application/json']?.schema ?? null;
}

/** The smallest value of a schema of the document, in the part of JSON Schema that it uses. */
export function exampleOf(document: Description, schema: Schema): unknown {
  const { $ref: reference, enum: values, type, required, properties, items, minItems } = schema;
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return exampleOf(document, document.components.schemas[name] ?? {});
  }
  if (Array.isArray(values)) return values[0];
  if (type === 'object') {
    const members = Object.entries(Object(properties)).filter(
      ([name]) => Array.isArray(required) && required.includes(name),
    );
    return Object.fromEntries(members.map(([name, inner]) => [name, exampleOf(document, Object(inner))]));
  }
  if (type === 'array') return minItems === undefined ? [] : [exampleOf(document, Object(items))];
  if (type === 'integer') return 1;
  if (type === 'string') return textOf(schema);
  return null;
}

function textOf({ pattern, format }: Schema): string {
  if (format === 'date-time') return '2026-12-31T00:00:00Z';
  return pattern === undefined ? 'text' : 'AAAA';
}
