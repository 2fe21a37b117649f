import { formatDuration } from '@writ/core';
import type { Condition, FlowDefinition } from '@writ/flow';

/** One place of a definition that differs, as the file names it. */
export interface Difference {
  /** `approval.step-up-risk.when`, `request.ttl.max` */
  readonly path: string;
  /** null where it was not there */
  readonly old: string | null;
  readonly new: string | null;
}

/** The places where two definitions differ; rules and proofs are known by their ids, conditions by their text. */
export function differencesOf(
  old: FlowDefinition<Condition>,
  fresh: FlowDefinition<Condition>,
): readonly Difference[] {
  const [before, after] = [flatten(old), flatten(fresh)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [was, is] = [before.get(path) ?? null, after.get(path) ?? null];
    return was === is ? [] : [{ path, old: was, new: is }];
  });
}

function flatten(definition: FlowDefinition<Condition>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  walk(definition, '', found);
  return found;
}

/** Members whose numbers are seconds. */
const SECONDS =
  /(?:^|\.)(?:max-age|expires|within|renew-window|rotate-every|overlap|max-lifetime|review-every|ttl\.max|ttl\.default)$/;

function walk(value: unknown, path: string, found: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (typeof value === 'number') {
    found.set(path, SECONDS.test(path) ? formatDuration(value) : String(value));
  } else if (typeof value === 'string' || typeof value === 'boolean') {
    found.set(path, String(value));
  } else if (Array.isArray(value)) {
    listed(value, path, found);
  } else if (typeof value === 'object' && isCondition(value)) {
    found.set(path, value.text.trim());
  } else {
    for (const [name, member] of Object.entries(value)) {
      walk(member, path === '' ? written(name) : `${path}.${written(name)}`, found);
    }
  }
}

function listed(items: readonly unknown[], path: string, found: Map<string, string>): void {
  const ids = items.map(idOf);
  if (items.length === 0 || ids.includes(null)) {
    found.set(path, `[${items.map(String).join(', ')}]`);
    return;
  }
  items.forEach((item, i) => walk(item, `${path}.${ids[i] ?? ''}`, found));
}

function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null;
  return typeof item.id === 'string' ? item.id : null;
}

function isCondition(value: object): value is Condition {
  return 'expression' in value && 'text' in value && typeof value.text === 'string';
}

/** As flow files write it. */
function written(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
