/** Names of the cells that preconditions compare. One function each, so that writer and reader cannot differ. */
export const ARTEFACTS_CELL = 'artefacts';

export function identityCell(name: string): string {
  return `identity:${name}`;
}

export function freezeCell(scope: string): string {
  return `freeze:${scope}`;
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

export function credentialCell(id: string): string {
  return `credential:${id}`;
}
