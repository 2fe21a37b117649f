import { apiDocument } from '@writ/server';

/** The part of an OpenAPI 3.1 document that reference and wire types are written from. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface ApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly in: 'path' | 'query' | 'header';
    readonly name: string;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly headers?: Readonly<Record<string, { readonly description?: string }>>;
        readonly content?: Content;
      }
    >
  >;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** JSON Schema 2020-12, as far as the API uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

/** What is written from it is the same for every installation. */
export async function readApiDocument(): Promise<ApiDocument> {
  // INVARIANT: test/api/description.test.ts holds the document to this shape.
  return (await apiDocument('https://writ.acme.example')) as ApiDocument;
}

/** The name of the schema that a reference leads to. */
export function nameOf({ $ref = '' }: Schema): string {
  return $ref.split('/').at(-1) ?? '';
}
