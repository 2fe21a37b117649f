import { join } from 'node:path';
import { createOperator, type Identity, type IdentitySummary } from '@writ/client';
import type { Command } from 'commander';
import { type ApiOptions, type ApiSession, apiSession, apiSessionIfAny, withUrl } from '../api-session.ts';
import { formatOf, printObject, printRows, say } from '../output/print.ts';
import { withOutput } from './operator.ts';

interface IdentityOptions extends ApiOptions {
  readonly data?: string;
  readonly owner?: string;
}

const COLUMNS = ['name', 'kind', 'status', 'owner', 'environment', 'expires', 'purpose'];

const WHERE = `
Whoever is signed in, or names a server, sees what is theirs to see. Otherwise, and with --data, it is asked over the
operator socket of a running server, which shows all.
`;

/** `identity list|show`: over the API for people, over the operator socket for operators. */
export function identityCommands(program: Command): void {
  const identity = program
    .command('identity')
    .description('registered identities')
    .addHelpText('after', '\nExample:\n  writ identity list');
  const common = (command: Command): Command =>
    withOutput(
      withUrl(command).option('--data <directory>', 'a data directory: ask over its operator socket'),
    );

  common(identity.command('list').description('identities, in the order of their names'))
    .option('--owner <who>', 'those of one owner: `user:…` or `group:…`')
    .addHelpText('after', `${WHERE}\nExample:\n  writ identity list -o name`)
    .action(async (options: IdentityOptions) => {
      const rows: Readonly<Record<string, string | number>>[] = [];
      for await (const row of identitiesOf(options)) rows.push(row);
      if (rows.length === 0) say('there is no identity to see');
      printRows(rows, COLUMNS, formatOf(options));
    });

  common(identity.command('show <name>').description('one identity, what it may hold and by which rights'))
    .addHelpText('after', `${WHERE}\nExample:\n  writ identity show svc-payments`)
    .action(async (name: string, options: IdentityOptions) => {
      const session = sessionOf(options);
      const found =
        session === null
          ? await createOperator(socketOf(options)).identity(name)
          : (await session.api.getIdentity(name)).value;
      printObject(found, formatOf(options));
    });
}

async function* identitiesOf(
  options: IdentityOptions,
): AsyncIterable<Readonly<Record<string, string | number>>> {
  const session = sessionOf(options);
  if (session !== null) {
    for await (const each of session.api.listIdentities(options.owner)) yield rowOf(each);
    return;
  }
  for await (const each of createOperator(socketOf(options)).identities())
    if (options.owner === undefined || each.owner === options.owner) yield socketRow(each);
}

/** The API where somebody is signed in or a server is named, unless a data directory is. */
function sessionOf(options: IdentityOptions): ApiSession | null {
  if (options.url !== undefined) return apiSession(options);
  return options.data === undefined ? apiSessionIfAny(options) : null;
}

function socketOf({ data = '.writ' }: IdentityOptions): string {
  return join(data, 'control.sock');
}

function rowOf(identity: Identity): Readonly<Record<string, string | number>> {
  const { name, uri, kind, status, owner, purpose, environment, expires, revision, because } = identity;
  return {
    name,
    uri,
    kind,
    status,
    owner,
    purpose,
    environment,
    expires: expires.slice(0, 10),
    revision,
    because,
  };
}

function socketRow(identity: IdentitySummary): Readonly<Record<string, string | number>> {
  return { ...identity, expires: new Date(identity.expires).toISOString().slice(0, 10) };
}
