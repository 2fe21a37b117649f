import type { FieldValue } from './request.ts';

/**
 * What a standing approval covers (law 6): requests of one revision of an identity through one text of a flow, up to what
 * was asked when it was given. It is signed instead of a plan and is not consumed. `ttl` in seconds.
 */
export interface Envelope {
  /** URI of the identity */
  readonly identity: string;
  readonly revision: number;
  /** content hash of the flow, hexadecimal */
  readonly flow: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly ttl: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
}
