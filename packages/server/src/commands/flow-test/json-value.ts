import {
  type AttributeType,
  Datetime,
  Duration,
  type Json,
  parseDuration,
  parseInstant,
  toSet,
  type Value,
  WritError,
} from '@writ/core';
import { parseExtension } from '@writ/flow';
import { membersOf } from './situation.ts';

/** A value as a test file writes it. @throws WritError `invalid` where it is not of `type` */
export function jsonValue(path: string, json: Json, type: AttributeType): Value {
  const value = read(path, json, type);
  if (value === undefined) throw new WritError('invalid', `\`${path}\` is not of the type ${type.type}`);
  return value;
}

function read(path: string, json: Json, type: AttributeType): Value | undefined {
  switch (type.type) {
    case 'string':
      return typeof json === 'string' ? json : undefined;
    case 'long':
      return typeof json === 'number' ? json : undefined;
    case 'bool':
      return typeof json === 'boolean' ? json : undefined;
    case 'set':
      return Array.isArray(json) ? toSet(json.filter((each) => typeof each === 'string')) : undefined;
    case 'duration': {
      const seconds = typeof json === 'string' ? parseDuration(json) : null;
      return seconds === null ? undefined : new Duration(seconds * 1000);
    }
    case 'datetime': {
      const ms = typeof json === 'string' ? parseInstant(json) : null;
      return ms === null ? undefined : new Datetime(ms);
    }
    case 'decimal':
      return typeof json === 'string' ? (parseExtension('decimal', json) ?? undefined) : undefined;
    case 'record': {
      const { members } = type;
      const given = Object.entries(membersOf(path, json));
      return Object.fromEntries(
        given.flatMap(([name, inner]): [string, Value][] => {
          const member = members[name];
          return member === undefined ? [] : [[name, jsonValue(`${path}.${name}`, inner, member)]];
        }),
      );
    }
  }
}
