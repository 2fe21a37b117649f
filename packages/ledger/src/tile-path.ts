import { LedgerError } from './ledger-error.ts';
import { parseDecimal } from './size.ts';

/** Hashes of a full tile, entries of a full bundle. */
export const TILE_WIDTH = 256;

/** Which tile (or, with level `entries`, which entry bundle) and how many of its 256 places are filled. */
export interface TileAddress {
  /** 0 holds leaf hashes; level L holds the hashes of perfect subtrees of height 8L. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

const MAX_LEVEL = 63;
const PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/;

/**
 * The path of a tile or bundle below a log's prefix, such as `tile/0/x001/x234/067.p/8`. C2SP tlog-tiles.
 *
 * @throws LedgerError `tile-path-malformed`
 */
export function tilePath(address: TileAddress): string {
  const { level, index, width } = address;
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= MAX_LEVEL)) {
    throw malformed(`level \`${level}\` is not from 0 to ${MAX_LEVEL}`);
  }
  if (!Number.isSafeInteger(index) || index < 0) throw malformed(`index \`${index}\` is not a whole number`);
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw malformed(`width \`${width}\` is not from 1 to ${TILE_WIDTH}`);
  }
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/**
 * The address of a path; only the one spelling that `tilePath` writes is accepted.
 *
 * @throws LedgerError `tile-path-malformed`
 */
export function parseTilePath(path: string): TileAddress {
  const [, levelText, indexText, widthText] = PATH.exec(path) ?? [];
  if (levelText === undefined || indexText === undefined) throw malformed(`\`${path}\` is not a tile path`);
  const level: number | 'entries' | null = levelText === 'entries' ? 'entries' : parseDecimal(levelText);
  const index = Number(indexText.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? TILE_WIDTH : parseDecimal(widthText);
  if (level === null || width === null) throw malformed(`\`${path}\` has leading zeroes`);
  const address: TileAddress = { level, index, width };
  if (tilePath(address) !== path) throw malformed(`\`${path}\` is not how this tile is spelled`);
  return address;
}

function malformed(why: string): LedgerError {
  return new LedgerError('tile-path-malformed', `tile path is malformed: ${why}`);
}
