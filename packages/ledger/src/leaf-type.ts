/** What happened, as the leaf says it. */
export type LeafType =
  | 'issue'
  | 'abort'
  | 'delivery'
  | 'revoke'
  | 'freeze'
  | 'unfreeze'
  | 'approval'
  | 'artefacts'
  | 'key'
  | 'erasure'
  | 'recovery'
  | 'prune'
  | 'identity'
  | 'person'
  | 'decision';

/** The coarse class of a credential: all that a public monitor learns of it. */
export type CredentialClass = 'none' | 'token' | 'x509' | 'ssh' | 'api-key' | 'password' | 'database' | 'act';

/** Whether a type of leaf fills a field; `never` means its bytes are zero. */
export type FieldUse = 'always' | 'may' | 'never';

/** One row of the closed table of leaf types. Every type has time and record commitment. */
export interface LeafTypeFacts {
  readonly number: number;
  readonly credentialClass: FieldUse;
  readonly dev: FieldUse;
  readonly unattended: FieldUse;
  readonly identityTag: FieldUse;
  readonly tbs: FieldUse;
}

/** The closed table of leaf types and the fields each one uses. */
export const LEAF_TYPES: Readonly<Record<LeafType, LeafTypeFacts>> = {
  issue: row(1, {
    credentialClass: 'always',
    dev: 'may',
    unattended: 'may',
    identityTag: 'always',
    tbs: 'always',
  }),
  abort: row(2, { credentialClass: 'may', identityTag: 'always' }),
  delivery: row(3, { identityTag: 'may' }),
  revoke: row(4, { credentialClass: 'may', identityTag: 'always' }),
  freeze: row(5, { identityTag: 'may' }),
  unfreeze: row(6, { identityTag: 'may' }),
  approval: row(7, { identityTag: 'may' }),
  artefacts: row(8, { dev: 'may', unattended: 'may' }),
  key: row(9, {}),
  erasure: row(11, { identityTag: 'may' }),
  recovery: row(12, {}),
  prune: row(13, {}),
  identity: row(15, { unattended: 'may', identityTag: 'always' }),
  person: row(16, {}),
  decision: row(17, { credentialClass: 'may', identityTag: 'may' }),
};

/** Credential classes by their number, the low 8 bits of the class field. */
export const CREDENTIAL_CLASSES: readonly CredentialClass[] = [
  'none',
  'token',
  'x509',
  'ssh',
  'api-key',
  'password',
  'database',
  'act',
];

/** Every leaf type, by its number. */
export const LEAF_TYPE_NAMES: readonly LeafType[] = [
  'issue',
  'abort',
  'delivery',
  'revoke',
  'freeze',
  'unfreeze',
  'approval',
  'artefacts',
  'key',
  'erasure',
  'recovery',
  'prune',
  'identity',
  'person',
  'decision',
];

const BY_NUMBER: ReadonlyMap<number, LeafType> = new Map(
  LEAF_TYPE_NAMES.map((name) => [LEAF_TYPES[name].number, name]),
);

/** The type with this number, or null. */
export function leafTypeOf(number: number): LeafType | null {
  return BY_NUMBER.get(number) ?? null;
}

function row(number: number, uses: Partial<Omit<LeafTypeFacts, 'number'>>): LeafTypeFacts {
  return {
    number,
    credentialClass: 'never',
    dev: 'never',
    unattended: 'never',
    identityTag: 'never',
    tbs: 'never',
    ...uses,
  };
}
