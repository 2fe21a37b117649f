/** Names of the cells that preconditions compare. One function each, so that writer and reader cannot differ. */
export const ARTEFACTS_CELL = 'artefacts';
/** How what is in force was published. A set may come back in another way, so its hash alone does not say. */
export const ARTEFACTS_MODE_CELL = 'artefacts-mode';

export function identityCell(name: string): string {
  return `identity:${name}`;
}

/** Every issuance names the same few of these several times, and a name that is known has been hashed. */
const freezeCells = new Map<string, string>();
const MOST = 10_000;

export function freezeCell(scope: string): string {
  const known = freezeCells.get(scope);
  if (known !== undefined) return known;
  const cell = `freeze:${scope}`;
  if (freezeCells.size >= MOST) freezeCells.clear();
  freezeCells.set(scope, cell);
  return cell;
}

export function runCell(id: string): string {
  return `run:${id}`;
}

export function keyCell(kid: string): string {
  return `key:${kid}`;
}

/** Holds the kid of the active key of an issuer-key name. */
export function activeKeyCell(name: string): string {
  return `active-key:${name}`;
}

/** Holds the kid of the key prepared last for an issuer-key name. */
export function nextKeyCell(name: string): string {
  return `next-key:${name}`;
}

export function credentialCell(id: string): string {
  return `credential:${id}`;
}

export function timerCell(id: string): string {
  return `timer:${id}`;
}

/** Written with every passkey: a first administrator is invited only while it never was. */
export const AUTHENTICATORS_CELL = 'authenticators';

export function authenticatorCell(id: string): string {
  return `authenticator:${id}`;
}

/** The waiting run that the same request, asked again, goes on with. */
export function askedCell(digest: string): string {
  return `asked:${digest}`;
}
