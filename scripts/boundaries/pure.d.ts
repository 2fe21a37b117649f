/**
 * All that core, ledger and flow may see of a host, besides the language (lib es2024).
 *
 * The DOM and WebWorker libraries would do, but they also bring `fetch`, `crypto`, `performance` and timers: a clock
 * or a network would then be one careless line away and only a lint would stand before it. Here it does not type-check.
 * The list holds pure functions of their input only. Adding to it is a decision, not a convenience.
 */

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

declare class URL {
  constructor(url: string, base?: string | URL);
  static canParse(url: string, base?: string): boolean;
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}
