import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { conforms, type Value } from '../value.ts';
import { GITHUB_ACTIONS_CLAIMS } from './github-actions.ts';
import { GITLAB_CI_CLAIMS } from './gitlab-ci.ts';

interface Recorded {
  readonly name: string;
  readonly claims: Readonly<Record<string, Value>>;
}

const SCHEMAS = { 'github-actions': GITHUB_ACTIONS_CLAIMS, 'gitlab-ci': GITLAB_CI_CLAIMS };
const folder = join(
  resolve(import.meta.dirname, '../../../..', process.env['WRIT_VECTORS'] ?? '../shared/vectors'),
  'claims',
);

describe.each(Object.entries(SCHEMAS))('claims of %s', (kind, schema) => {
  test('G6 decisions can rest on an immutable id', () => {
    const ids = Object.entries(schema).filter(([, { identifies }]) => identifies);
    expect(ids.map(([name]) => name)).toEqual([kind === 'github-actions' ? 'repository_id' : 'project_id']);
    expect(ids.every(([, { required }]) => required)).toBe(true);
  });

  test('G12 protection is the text `true`, never the value', () => {
    expect(conforms('true', schema['ref_protected']!.type)).toBe(true);
    expect(conforms(true, schema['ref_protected']!.type)).toBe(false);
    expect(conforms('True', schema['ref_protected']!.type)).toBe(false);
  });

  const file = join(folder, `${kind}.json`);
  const present = existsSync(file);
  if (!present) console.log(`ABSENT: vectors claims/${kind}.json`);
  const recorded = present ? (JSON.parse(readFileSync(file, 'utf8')) as Recorded[]) : [];
  test.each(recorded)(
    'S1.7 recorded claims are of the declared types, none required is missing: $name',
    ({ claims }) => {
      const wrong = Object.entries(schema).filter(([name, { type, required }]) => {
        const value = claims[name];
        return value === undefined ? required : !conforms(value, type);
      });
      expect(wrong.map(([name]) => name)).toEqual([]);
    },
  );
});
