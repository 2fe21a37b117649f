/** An OpenAPI 3.1 document as far as these tests read it. */
export interface Description {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

export interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
      }
    >
  >;
}

export type Schema = Readonly<Record<string, unknown>>;

/** Where a value is not of a schema, in the part of JSON Schema 2020-12 that the document uses. Any other keyword is a mistake. */
export function mistakesIn(
  document: Description,
  schema: Schema,
  value: unknown,
  at = '',
): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    const check = CHECKS[keyword];
    if (check === undefined) return [`${at}: nothing checks the keyword ${keyword}`];
    return check({ document, schema, value, at }, argument);
  });
}

interface Checked {
  readonly document: Description;
  readonly schema: Schema;
  readonly value: unknown;
  readonly at: string;
}

type Check = (checked: Checked, argument: unknown) => readonly string[];

const nothing: Check = () => [];

const CHECKS: Readonly<Record<string, Check>> = {
  description: nothing,
  title: nothing,
  format: nothing,
  type: ({ value, at }, type) => (typeOf(value, type) ? [] : [`${at}: is no ${String(type)}`]),
  enum: ({ value, at }, values) => (listed(values).includes(value) ? [] : [`${at}: is not listed`]),
  pattern: ({ value, at }, pattern) =>
    typeof value !== 'string' || new RegExp(String(pattern), 'u').test(value)
      ? []
      : [`${at}: is of another form`],
  minLength: ({ value, at }, least) =>
    typeof value !== 'string' || value.length >= Number(least) ? [] : [`${at}: is too short`],
  maxLength: ({ value, at }, most) =>
    typeof value !== 'string' || value.length <= Number(most) ? [] : [`${at}: is too long`],
  $ref: ({ document, value, at }, reference) => {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(String(reference))?.[1] ?? '';
    const schema = document.components.schemas[name];
    return schema === undefined
      ? [`${at}: ${String(reference)} leads nowhere`]
      : mistakesIn(document, schema, value, at);
  },
  anyOf: ({ document, value, at }, schemas) =>
    listed(schemas).some((each) => mistakesIn(document, schemaOf(each), value, at).length === 0)
      ? []
      : [`${at}: is none of its forms`],
  required: ({ value, at }, names) =>
    listed(names)
      .filter((name) => !Object.hasOwn(membersOf(value), String(name)))
      .map((name) => `${at}: lacks ${String(name)}`),
  properties: ({ document, value, at }, schemas) =>
    Object.entries(schemaOf(schemas)).flatMap(([name, schema]) =>
      Object.hasOwn(membersOf(value), name)
        ? mistakesIn(document, schemaOf(schema), membersOf(value)[name], `${at}/${name}`)
        : [],
    ),
  additionalProperties: ({ document, schema, value, at }, allowed) =>
    Object.entries(membersOf(value))
      .filter(([name]) => !Object.hasOwn(schemaOf(schema['properties'] ?? {}), name))
      .flatMap(([name, member]) =>
        allowed === false
          ? [`${at}: has ${name}, which is not described`]
          : mistakesIn(document, schemaOf(allowed), member, `${at}/${name}`),
      ),
  items: ({ document, value, at }, schema) =>
    Array.isArray(value)
      ? value.flatMap((each: unknown, i) => mistakesIn(document, schemaOf(schema), each, `${at}/${i}`))
      : [],
};

function typeOf(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function schemaOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function membersOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
