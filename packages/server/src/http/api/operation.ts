import type { Session } from '@writ/core';
import type { People, Runs } from '@writ/engine';
import type { TSchema } from 'typebox';
import type { ProblemCode } from '../problem.ts';

/**
 * What is said of one operation of the API. The router, the OpenAPI document, the wire types of the client and the
 * reference page are all made from these.
 */
export interface Described {
  /** what the document and the client call it */
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** below the URL that the API is mounted at; has one parameter at most */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: TSchema;
  /** absent: no body is taken */
  readonly body?: TSchema;
  /** bytes of the body at most, where the limit of every other endpoint is too small */
  readonly largest?: number;
  /** request headers beside those of every operation, with what each does */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** problems beside those of every operation */
  readonly problems: readonly ProblemCode[];
  /** the leaf types that it appends to the ledger; empty where it changes nothing that the ledger knows */
  readonly appends: readonly string[];
}

/** What somebody does who is signed in. */
export interface Operation extends Described {
  /** @throws Problem, WritError */
  handle(call: Call): Promise<Reply>;
}

/** What anybody may do. Nothing that a browser adds by itself is looked at. */
export interface OpenOperation extends Described {
  /** @throws Problem, WritError */
  handle(call: OpenCall): Promise<Reply>;
}

export interface Answer {
  readonly description: string;
  /** null: there is no body */
  readonly shape: TSchema | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request whose query and body have been read, and not yet believed. */
export interface OpenCall {
  readonly people: People;
  /** the parameter of the path; empty where it has none */
  readonly id: string;
  readonly query: unknown;
  readonly body: unknown;
  /** The one value of a header, null where it is absent. @throws Problem `invalid` where it is given twice */
  header(name: string): string | null;
  /** the URL that the API is mounted at, and the one that people open */
  readonly base: string;
  readonly publicUrl: string;
  /** milliseconds since the epoch */
  readonly at: number;
}

/** The same of somebody whose session is known. */
export interface Call extends OpenCall {
  readonly runs: Runs;
  readonly session: Session;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** a strong one, with its quotes */
  readonly etag?: string;
}
