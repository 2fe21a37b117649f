import { TILE_WIDTH } from '@writ/ledger';

/** Which tile: its level and its index in that level. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** Whether a tile can be there at all: what is asked for may come from outside. */
export function isTilePlace({ level, index }: TilePlace): boolean {
  return Number.isInteger(level) && level >= 0 && level < 64 && Number.isSafeInteger(index) && index >= 0;
}

/** The tiles on the right edge of a tree: all that its frontier is computed from. */
export function edgeTiles(size: number): TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0, nodes = size; nodes > 0; level++, nodes = Math.floor(nodes / TILE_WIDTH)) {
    places.push({ level, index: Math.floor((nodes - 1) / TILE_WIDTH) });
  }
  return places;
}

/** The tiles that the inclusion proof of an entry is computed from: those above it and those of the right edge. */
export function proofTiles(index: number, size: number): TilePlace[] {
  const places: TilePlace[] = [];
  let above = index;
  for (const edge of edgeTiles(size)) {
    above = Math.floor(above / TILE_WIDTH);
    places.push(edge);
    if (above < edge.index) places.push({ level: edge.level, index: above });
  }
  return places;
}
