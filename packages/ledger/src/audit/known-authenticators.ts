import type { RecordAuthenticator } from '../record.ts';
import type { Finding } from './finding.ts';

/** An authenticator as the leaf that added it says, and how it ended. */
export interface KnownAuthenticator {
  readonly authenticator: RecordAuthenticator;
  readonly person: string;
  /** Index of the leaf that added it. */
  readonly since: number;
  readonly ended: { readonly how: 'replaced' | 'lost'; readonly at: number } | null;
}

/** The authenticators that leaves so far have recorded: what stands in a table of the store counts for nothing. */
export class KnownAuthenticators {
  readonly #byId = new Map<string, KnownAuthenticator>();
  #first: number | null = null;
  #unread: number | null = null;

  /** The first leaf that added any authenticator, or null. */
  get first(): number | null {
    return this.#first;
  }

  get(id: string): KnownAuthenticator | null {
    return this.#byId.get(id) ?? null;
  }

  hasActive(person: string): boolean {
    for (const known of this.#byId.values()) if (known.person === person && known.ended === null) return true;
    return false;
  }

  /** An id that is there already keeps its key. */
  add(person: string, authenticator: RecordAuthenticator, since: number): void {
    this.#first ??= since;
    if (this.#byId.has(authenticator.id)) return;
    this.#byId.set(authenticator.id, { authenticator, person, since, ended: null });
  }

  end(id: string, how: 'replaced' | 'lost', at: number): void {
    const known = this.#byId.get(id);
    if (known !== undefined) this.#byId.set(id, { ...known, ended: { how, at } });
  }

  /** A leaf about a person whose record is not there may have said anything. */
  miss(index: number): void {
    this.#unread ??= index;
  }

  /** A finding that no leaf before says something. Where one could not be read, neither is it shown that none does. */
  unlessMissed(finding: Finding): Finding {
    if (this.#unread === null) return finding;
    const message = `${finding.message}; it may stand in the record of leaf ${this.#unread}, which is not there`;
    return { ...finding, message, severity: 'warning' };
  }
}
