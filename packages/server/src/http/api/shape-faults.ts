import type { Reason } from '@writ/core';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';

/** Characters of a name somebody else chose that are repeated. */
const LONGEST_NAME = 60;

type Path = readonly string[];

/** Every member that the shape demands and the value has not, with what would help. Where an object is missing, its members. */
export function missingIn(schema: TSchema, value: unknown, path: Path = []): readonly Reason[] {
  if (Array.isArray(value)) {
    const items = below(schema, 'items');
    return value.flatMap((each: unknown, i) => missingIn(items, each, [...path, String(i)]));
  }
  if (value !== undefined && (typeof value !== 'object' || value === null)) return [];
  const demanded: unknown = Reflect.get(schema, 'required');
  return Object.entries(below(schema, 'properties')).flatMap(([name, inner]: [string, TSchema]) => {
    const at = [...path, name];
    const there = value !== undefined && Object.hasOwn(value, name);
    if (there) return missingIn(inner, Reflect.get(value, name), at);
    if (!Array.isArray(demanded) || !demanded.includes(name)) return [];
    return Object.hasOwn(inner, 'properties')
      ? missingIn(inner, undefined, at)
      : [reason(at, 'is missing', helpOf(inner))];
  });
}

/** Everything else that the checker found wrong, each place once. */
export function wrongIn(schema: TSchema, errors: readonly TLocalizedValidationError[]): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  for (const error of errors) {
    if (error.keyword === 'required' || error.keyword === 'boolean') continue;
    const path = pathOf(error.instancePath);
    const place = placeAt(schema, path);
    if (error.keyword === 'additionalProperties') {
      const known = Object.keys(below(place, 'properties')).join(', ');
      for (const name of error.params.additionalProperties) {
        const at = [...path, name.slice(0, LONGEST_NAME)];
        const told = reason(at, 'is not known here', `leave it out; known are ${known}`);
        reasons.set(at.join('/'), { ...told, rule: ruleOf(path) });
      }
    } else if (!reasons.has(error.instancePath)) {
      reasons.set(error.instancePath, reason(path, saidOf(error), helpOf(place)));
    }
  }
  return [...reasons.values()];
}

function saidOf(error: TLocalizedValidationError): string {
  if (error.keyword === 'enum') return `must be one of ${error.params.allowedValues.map(String).join(', ')}`;
  if (error.keyword === 'minLength' || error.keyword === 'minItems') return 'is empty';
  if (error.keyword === 'pattern' || error.keyword === 'format') return 'is not of its form';
  return error.message;
}

function reason(path: Path, said: string, help: string | undefined): Reason {
  const subject = path.length === 0 ? 'what was sent' : `\`${path.join('.')}\``;
  return { stage: 'request', rule: ruleOf(path), message: `${subject} ${said}`, help };
}

function ruleOf(path: Path): string {
  return ['request', ...path].join('.');
}

function helpOf(schema: TSchema): string | undefined {
  const description: unknown = Reflect.get(schema, 'description');
  return typeof description === 'string' ? description : undefined;
}

/** JSON Pointer (RFC 6901). */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The shape of the place that a path leads to, as far as it is one that has a name. */
function placeAt(schema: TSchema, path: Path): TSchema {
  let at = schema;
  for (const name of path) {
    const inner: unknown = Reflect.get(below(at, 'properties'), name);
    at = typeof inner === 'object' && inner !== null ? inner : below(at, 'items');
  }
  return at;
}

function below(schema: TSchema, keyword: 'properties' | 'items'): TSchema {
  const inner: unknown = Reflect.get(schema, keyword);
  return typeof inner === 'object' && inner !== null ? inner : {};
}
