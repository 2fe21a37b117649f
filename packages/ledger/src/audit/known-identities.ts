import { canonicalJson } from '../canonical-json.ts';
import type { Hash } from '../hash.ts';
import type { IdentityRecord } from '../record.ts';
import { encodeUtf8 } from '../utf8.ts';
import { DigestIndex } from './digest-index.ts';
import { IndexTable } from './index-table.ts';

/** URI and revision of each identity, as leaves so far have registered it. Some 100 bytes an identity. */
export class KnownIdentities {
  readonly #hash: Hash;
  readonly #names = new DigestIndex();
  readonly #uris = new DigestIndex();
  /** Revision + 1, at the first leaf of each identity. */
  readonly #revisions = new IndexTable();

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  learn(index: number, { identity, revision, change }: IdentityRecord): void {
    const first = this.#names.add(this.#digest([identity]), index) ?? index;
    this.#revisions.set(first, revision + 1);
    if (typeof change === 'object' && change !== null && 'uri' in change) {
      this.#uris.add(this.#digest([identity, change.uri]), index);
    }
  }

  /** Whether the identity of this name was ever registered under this URI. */
  isUnder(name: string, uri: string): boolean {
    return this.#uris.find(this.#digest([name, uri])) !== null;
  }

  /** The revision registered last, or null. */
  revisionOf(name: string): number | null {
    const first = this.#names.find(this.#digest([name]));
    const stored = first === null ? 0 : this.#revisions.get(first);
    return stored === 0 ? null : stored - 1;
  }

  #digest(parts: readonly unknown[]): Uint8Array {
    return this.#hash(encodeUtf8(canonicalJson(parts)));
  }
}
