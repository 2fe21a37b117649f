import type { AttributeType, Value } from './value.ts';

/** A place facts come from. Its name is what flows say. */
export type FactSource = StaticSource | HttpSource;

/** A typed value of the artefact set itself, observed whenever a decision is made. */
export interface StaticSource {
  readonly name: string;
  readonly kind: 'static';
  readonly type: AttributeType;
  readonly value: Value;
}

/**
 * A service that is asked over HTTP. What it says is signed by one of `keys`, or comes from the server whose key is
 * `pin`; one of the two is always there, and with both, both are asked for.
 */
export interface HttpSource {
  readonly name: string;
  readonly kind: 'http';
  readonly type: AttributeType;
  /** a template: `https://risk.example/agents/{identity.name}` */
  readonly url: string;
  /** seconds for which an answer may be given again */
  readonly maxAge: number;
  /** public JWKs, each with its `kid`, of which one signs each answer; null: answers are plain JSON */
  readonly keys: readonly Readonly<Record<string, string>>[] | null;
  /** SHA-256 of the TLS server key (SubjectPublicKeyInfo), base64; null: the usual certificate authorities decide */
  readonly pin: string | null;
  /** whether the service may be on a loopback, private or link-local address */
  readonly privateAddresses: boolean;
  /** seconds for the whole exchange */
  readonly timeout: number;
}
