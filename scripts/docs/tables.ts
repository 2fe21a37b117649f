import { type ClaimSchema, EVENTS, eventSchema, KIND_ATTRIBUTES, TABLES } from '@writ/core';
import { CREDENTIAL_CLASSES, LEAF_TYPE_NAMES, LEAF_TYPES } from '@writ/ledger';
import { metadataOf, OAUTH_ERRORS } from '@writ/server';

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

export function claimTable(schema: ClaimSchema): string {
  const rows = Object.entries(schema).map(([name, { type, required, identifies }]) => [
    `\`${name}\``,
    type.type === 'string' && type.oneOf !== undefined ? type.oneOf.join(', ') : type.type,
    required ? 'yes' : '',
    identifies ? 'yes' : '',
  ]);
  return table(['claim', 'type', 'required', 'identifies'], rows);
}

export function leafTypeTable(): string {
  const rows = LEAF_TYPE_NAMES.map((name) => {
    const { number, credentialClass, dev, unattended, identityTag, tbs } = LEAF_TYPES[name];
    return [String(number), name, credentialClass, dev, unattended, identityTag, tbs];
  });
  return table(['type', 'name', 'class', 'dev', 'unattended', 'identity tag', 'tbs digest'], rows);
}

export function credentialClassTable(): string {
  return table(
    ['number', 'class'],
    CREDENTIAL_CLASSES.map((name, i) => [String(i), name]),
  );
}

export function kindTable(): string {
  const rows = Object.entries(KIND_ATTRIBUTES).map(([kind, names]) => [
    kind,
    names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', '),
  ]);
  return table(['kind', 'attributes it must have'], rows);
}

export function storeTable(): string {
  const rows = Object.entries(TABLES).map(([name, { key, columns }]) => [
    `\`${name}\``,
    `\`${key}\``,
    Object.keys(columns)
      .filter((column) => column !== key)
      .join(', '),
  ]);
  return table(['table', 'key', 'other columns'], rows);
}

export function metadataDocument(): string {
  return `\`\`\`json\n${JSON.stringify(metadataOf('https://writ.acme.example'), null, 2)}\n\`\`\``;
}

export function eventTable(): string {
  const rows = Object.entries(EVENTS).map(([type, members]) => [
    `\`${type}\``,
    Object.keys(members)
      .map((name) => `\`${name}\``)
      .join(', '),
  ]);
  return table(['event', 'members of `data`'], rows);
}

export function eventSchemaDocument(): string {
  return `\`\`\`json\n${fold(eventSchema())}\n\`\`\``;
}

/** Characters of a line of folded JSON. */
const WIDE = 120;

/** JSON of which whatever fits stands on one line. */
function fold(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value).replaceAll(/([,:])(?=["[{\d])/g, '$1 ');
  if (typeof value !== 'object' || value === null || indent.length + flat.length <= WIDE) return flat;
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => fold(item, deeper))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${fold(member, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
}

/** OAuth errors that the page about them leaves out, gives another status, or invents. */
export function oauthErrorMistakes(page: string): readonly string[] {
  const [, oauth = ''] = page.split(/^## .*$/m);
  const shown = new Map(
    [...oauth.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)].map(([, code = '', status = '']) => [
      code,
      status,
    ]),
  );
  const real = new Map(Object.entries(OAUTH_ERRORS).map(([code, status]) => [code, String(status)]));
  return [
    ...[...real]
      .filter(([code, status]) => shown.get(code) !== status)
      .map(([code, status]) => `no row \`${code}\` with status ${status}`),
    ...[...shown.keys()]
      .filter((code) => !real.has(code))
      .map((code) => `\`${code}\` is answered by nothing`),
  ];
}
