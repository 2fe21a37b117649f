/** What can be frozen. */
export const FREEZABLE = [
  'identity',
  'anchor',
  'right',
  'flow',
  'owner',
  'integration',
  'everything',
] as const;
export type Freezable = (typeof FREEZABLE)[number];

/** `everything`, or a kind and a name: `identity:svc-payments`, `anchor:github-actions/acme`. Null if it is neither. */
export function parseFreezeScope(text: string): { readonly kind: Freezable; readonly name: string } | null {
  if (text === 'everything') return { kind: 'everything', name: '' };
  const colon = text.indexOf(':');
  const kind = FREEZABLE.find((candidate) => candidate === text.slice(0, colon));
  const name = text.slice(colon + 1);
  if (colon < 0 || kind === undefined || kind === 'everything') return null;
  return /^[\x21-\x7e]{1,512}$/.test(name) ? { kind, name } : null;
}

/**
 * The state of one scope: how often it changed, and whether it is frozen now. The text is the value of the scope's
 * cell, so that one comparison under the lock covers both.
 */
export interface FreezeState {
  readonly epoch: number;
  readonly frozen: boolean;
}

export const NEVER_FROZEN: FreezeState = { epoch: 0, frozen: false };

export function formatFreezeState(state: FreezeState): string {
  return `${state.epoch} ${state.frozen ? 'frozen' : 'free'}`;
}

/** The state in a cell. What cannot be read counts as frozen (law 1). */
export function readFreezeState(cell: string | null): FreezeState {
  if (cell === null) return NEVER_FROZEN;
  const match = /^(\d+) (free|frozen)$/.exec(cell);
  return match === null
    ? { epoch: -1, frozen: true }
    : { epoch: Number(match[1]), frozen: match[2] === 'frozen' };
}
