/**
 * The one logical schema. Columns are text, integers (safe), booleans as 0/1, or JSON in text; the drivers derive their
 * statements from `TABLES` once, at start. Every row carries `entry`: the ledger index of the commit that wrote it
 * (null where that commit appended nothing), set by the committer.
 */
export const TABLES = {
  identities: {
    key: 'name',
    columns: { name: 'text', uri: 'text', owner: 'text', kind: 'text', body: 'text' },
  },
  runs: {
    key: 'id',
    columns: {
      id: 'text',
      identity: 'text',
      flow: 'text',
      pinned: 'text',
      plan: 'text',
      holder: 'text',
      state: 'text',
      opened_at: 'integer',
      due_at: 'integer',
      body: 'text',
    },
  },
  credentials: {
    key: 'id',
    columns: {
      id: 'text',
      run: 'text',
      identity: 'text',
      right_id: 'text',
      kid: 'text',
      holder: 'text',
      audience: 'text',
      state: 'text',
      issued_at: 'integer',
      expires_at: 'integer',
      tbs_digest: 'text',
      body: 'text',
    },
  },
  artefact_sets: { key: 'hash', columns: { hash: 'text', mode: 'text', body: 'text' } },
  issuer_keys: {
    key: 'kid',
    columns: {
      kid: 'text',
      name: 'text',
      alg: 'text',
      state: 'text',
      public_jwk: 'text',
      sealed: 'text',
      prepared_at: 'integer',
      activated_at: 'integer',
      retired_at: 'integer',
    },
  },
  freezes: {
    key: 'scope',
    columns: { scope: 'text', state: 'text', reason: 'text', by_whom: 'text', at: 'integer' },
  },
  decisions: {
    key: 'ref',
    columns: { ref: 'text', at: 'integer', identity: 'text', outcome: 'text', run: 'text', body: 'text' },
  },
  /** runs that a person asked for */
  requests: {
    key: 'run',
    columns: { run: 'text', person: 'text', flow: 'text', identity: 'text', at: 'integer' },
  },
  approvals: {
    key: 'id',
    columns: {
      id: 'text',
      run: 'text',
      identity: 'text',
      rule: 'text',
      person: 'text',
      decision: 'text',
      /** what was signed: the plan digest, or the digest of a standing approval's envelope */
      digest: 'text',
      at: 'integer',
      body: 'text',
    },
  },
  /** `assignee` is who is asked (`user:…`, `group:…`) while it is open, and empty once it is not */
  obligations: {
    key: 'id',
    columns: {
      id: 'text',
      run: 'text',
      rule: 'text',
      kind: 'text',
      assignee: 'text',
      state: 'text',
      opened_at: 'integer',
      due_at: 'integer',
      body: 'text',
    },
  },
  /** work with a due time; `due_at` is 0 once it is done, and lies ahead while somebody has claimed it */
  timers: {
    key: 'id',
    columns: {
      id: 'text',
      kind: 'text',
      about: 'text',
      due_at: 'integer',
      attempt: 'integer',
      state: 'text',
      body: 'text',
    },
  },
  /** `id` is the SHA-256 of what the browser or terminal holds */
  sessions: {
    key: 'id',
    columns: {
      id: 'text',
      person: 'text',
      subject: 'text',
      state: 'text',
      signed_in_at: 'integer',
      expires_at: 'integer',
      body: 'text',
    },
  },
  authenticators: {
    key: 'id',
    columns: { id: 'text', person: 'text', state: 'text', added_at: 'integer', body: 'text' },
  },
  /** one-time links by which a person gets a first authenticator; `id` is the SHA-256 of the link's secret */
  invitations: {
    key: 'id',
    columns: { id: 'text', person: 'text', state: 'text', expires_at: 'integer', body: 'text' },
  },
  /** terminals that a person has let in (RFC 8628); `id` is the SHA-256 of the code that they typed */
  device_codes: {
    key: 'id',
    columns: { id: 'text', user_code: 'text', state: 'text', expires_at: 'integer', body: 'text' },
  },
  /** what an `Idempotency-Key` of a person began: the run, never a credential */
  idempotency_keys: {
    key: 'id',
    columns: { id: 'text', digest: 'text', run: 'text', at: 'integer' },
  },
} as const;

export type TableName = keyof typeof TABLES;
type Columns<T extends TableName> = (typeof TABLES)[T]['columns'];
type ColumnValue<C> = C extends 'integer' ? number : string;

/** A row as written. Columns hold no null: an absent text is empty, an absent time is 0. */
export type Row<T extends TableName> = { readonly [C in keyof Columns<T>]: ColumnValue<Columns<T>[C]> };
/** A row as read. */
export type StoredRow<T extends TableName> = Row<T> & { readonly entry: number | null };
