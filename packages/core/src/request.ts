/** One value of a request field. */
export type FieldValue = string | number | boolean | readonly string[];

/** What is asked for, after strict parsing and before any decision. */
export interface IssuanceRequest {
  readonly flow: string;
  readonly right: string;
  /** short name of the identity */
  readonly identity: string;
  readonly audience: string;
  /** sorted, each once; never empty */
  readonly scopes: readonly string[];
  /** seconds, or null when the caller left it to the flow */
  readonly ttl: number | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
}
