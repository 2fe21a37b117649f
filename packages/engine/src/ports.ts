import type { Attestor } from '@writ/attest';
import type { Assertion, EventType, Hash, HttpSource, Observation, WebhookEvent } from '@writ/core';
import type { Target } from '@writ/deliver';
import type { SourceFile } from '@writ/flow';
import type { Issuer, KeyMint } from '@writ/issue';
import type { Store } from '@writ/store';
import type { Challenges } from './challenges.ts';
import type { Events } from './events.ts';
import type { ExpectedRegistration, RegisteredPasskey, Registration } from './people/registration.ts';
import type { ChangeJudgement } from './runs/change-judgement.ts';

/** Random names. Each is unguessable where it must be: a token id carries at least 128 random bits. */
export interface Ids {
  run(): string;
  token(): string;
  reference(): string;
  /** 32 bytes */
  salt(): Uint8Array;
}

/** A token of ours, opened strictly and with its signature verified. The only parsed object there is of it (law 10). */
export interface OpenedToken {
  readonly id: string;
  readonly tbsDigest: string;
}

/** What a client's assertion says, verified by a key that it registered. Times in milliseconds since the epoch. */
export interface VerifiedClient {
  readonly client: string;
  readonly jti: string;
  /** SHA-256 of the signing input, hexadecimal */
  readonly digest: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface FactReader {
  /** What `source` says at `url`. `about` tells requests apart in what is reported. */
  observe(source: HttpSource, url: string, about: string, now: number): Promise<Observation>;
}

export interface ExpectedAssertion {
  readonly challenge: Uint8Array;
  readonly origin: string;
  readonly rpId: string;
  readonly publicJwk: Readonly<Record<string, string>>;
}

/** Endpoints that are told what happened. */
export interface Webhooks {
  /** names of the endpoints that want events of this type */
  subscribers(type: EventType): readonly string[];
  /** Sends once. `id` is the same for every attempt. */
  send(endpoint: string, id: string, event: WebhookEvent): Promise<Sent>;
}

export type Sent =
  | { readonly ok: true }
  /** `retry`: it may be taken another time */
  | { readonly ok: false; readonly retry: boolean; readonly reason: string };

/** Everything the engine is given. It reaches the world through nothing else. */
export interface Ports {
  readonly store: Store;
  readonly attestor: Attestor;
  readonly issuer: Issuer;
  readonly keys: KeyMint;
  readonly targets: ReadonlyMap<string, Target>;
  readonly sha256: Hash;
  /** keyed with the log's secret: 16 bytes that name an identity to nobody outside */
  readonly identityTag: (identity: string) => Uint8Array;
  /** the `iss` of a token that nobody has verified, or null where it cannot even be read */
  readonly untrustedIssuer: (token: string) => string | null;
  /** opens a token of ours with the given public keys; null for whatever is not one */
  readonly openToken: (
    token: string,
    keys: readonly Readonly<Record<string, string>>[],
  ) => OpenedToken | null;
  /** asks fact sources; throws EvidenceError */
  readonly facts: FactReader;
  /** private_key_jwt (RFC 7523 with rfc7523bis). @throws EvidenceError */
  readonly verifyClient: (
    assertion: string,
    expected: {
      readonly client: string;
      readonly keys: readonly Readonly<Record<string, string>>[];
      readonly now: number;
    },
  ) => Promise<VerifiedClient>;
  /** compares a proposed set with the one in force, and lints it */
  readonly judgeChange: (base: readonly SourceFile[], proposed: readonly SourceFile[]) => ChangeJudgement;
  /** an authenticator over the rows that decisions are taken from, under a key that is not in the database */
  readonly rowMac: (text: string) => string;
  /** @throws EvidenceError for an assertion that is not over exactly this, by exactly that key */
  readonly verifyAssertion: (assertion: Assertion, expected: ExpectedAssertion) => unknown;
  /** @throws EvidenceError for a new passkey that was not made for exactly this, with user verification */
  readonly verifyRegistration: (
    registration: Registration,
    expected: ExpectedRegistration,
  ) => RegisteredPasskey;
  readonly webhooks: Webhooks;
  readonly challenges: Challenges;
  /** milliseconds since the epoch */
  readonly now: () => number;
  readonly ids: Ids;
  /** where the URIs of our identities are: `acme.example` */
  readonly trustDomain: string;
  /** our issuer identifier: the public URL */
  readonly issuerUrl: string;
  readonly events: Events;
}
