import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { WritError } from '@writ/core';
import { formatProblem, parseYaml, shape } from '@writ/flow';
import { type SignInSettings, signInSettings, signInShape } from './http/sign-in/settings.ts';
import { type Webhook, webhookSettings, withSecrets } from './webhooks.ts';

/** What `writ.yaml` says, checked. Durations in seconds. */
export interface Config {
  readonly trustDomain: string;
  /** our issuer identifier, without a trailing slash */
  readonly publicUrl: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly store:
    | { readonly kind: 'sqlite' }
    | { readonly kind: 'postgres'; readonly connectionString: string };
  readonly rotation: { readonly every: number; readonly lead: number };
  readonly webhooks: readonly Webhook[];
  /** null where nobody can sign in */
  readonly signIn: SignInSettings | null;
}

const urlText = shape.formed(
  /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~-]+)*$/,
  'an http or https URL without a trailing slash',
);
/** Everybody compares an issuer as a text: a URL that a parser writes in another way would be two issuers. */
const url = shape.refine(urlText, (value, node, report) => {
  const read = URL.canParse(value) ? new URL(value).href.replace(/\/$/, '') : null;
  if (read === value) return value;
  report(node.at, `expected a URL as parsers write it, found \`${value}\``);
  return undefined;
});
const listen = shape.refine(shape.text, (value, node, report) => {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    report(node.at, `expected host:port, found \`${value}\``);
    return undefined;
  }
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port };
});

const storeShape = shape.object({
  postgres: shape.required(shape.object({ 'url-file': shape.required(shape.text) })),
});

const configShape = shape.object({
  writ: shape.required(shape.choice(['config/v1'])),
  'trust-domain': shape.required(shape.formed(/^[a-z0-9._-]{1,200}$/, 'a trust domain such as acme.example')),
  'public-url': shape.required(url),
  listen: shape.optional(listen, { host: '127.0.0.1', port: 8420 }),
  store: shape.optional(storeShape, null),
  webhooks: shape.optional(webhookSettings, []),
  'sign-in': shape.optional(signInShape, null),
  'issuer-keys': shape.optional(
    shape.object({ 'rotate-every': shape.required(shape.duration), lead: shape.required(shape.duration) }),
    { 'rotate-every': 30 * 86_400, lead: 86_400 },
  ),
});

/** What the command line may put over the file. */
export interface Overrides {
  readonly listen?: string | undefined;
  readonly publicUrl?: string | undefined;
}

/**
 * Reads `writ.yaml` of a directory. A secret is never in it: `url-file` names the file that holds one.
 * @throws WritError `invalid` naming every mistake
 */
export function readConfig(directory: string, overrides: Overrides = {}): Config {
  const path = resolve(directory, 'writ.yaml');
  const yaml = parseYaml(path, readText(path, 'examples/acme shows what a directory needs'));
  const problems = [...yaml.problems];
  const report = (at: number, message: string): void => {
    problems.push({ file: path, ...yaml.place(at), severity: 'error', message });
  };
  const value = yaml.root === null ? undefined : configShape(yaml.root, report);
  if (value === undefined || problems.length > 0)
    throw new WritError('invalid', problems.map(formatProblem).join('\n'));
  const readBeside = (file: string, help: string): string => readText(resolve(directory, file), help);
  return {
    trustDomain: value['trust-domain'],
    publicUrl: override(overrides.publicUrl, url, '--public-url') ?? value['public-url'],
    listen: override(overrides.listen, listen, '--listen') ?? value.listen,
    store:
      value.store === null
        ? { kind: 'sqlite' }
        : {
            kind: 'postgres',
            connectionString: readText(
              resolve(directory, value.store.postgres['url-file']),
              '`store.postgres.url-file` names it; it holds the connection string',
            ).trim(),
          },
    rotation: { every: value['issuer-keys']['rotate-every'], lead: value['issuer-keys'].lead },
    webhooks: withSecrets(value.webhooks, readBeside),
    signIn: signInSettings(value['sign-in'], readBeside),
  };
}

function override<T>(value: string | undefined, of: shape.Shape<T>, flag: string): T | undefined {
  if (value === undefined) return undefined;
  return of({ kind: 'scalar', at: 0, value, contentAt: null }, (_, message) => {
    throw new WritError('invalid', `${flag}: ${message}`);
  });
}

/** `help` says what should have been there. */
function readText(path: string, help: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new WritError('invalid', `\`${path}\` cannot be read; ${help}`, { cause });
  }
}
