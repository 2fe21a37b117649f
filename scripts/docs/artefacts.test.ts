import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { artefactMistakes } from './artefacts.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'artefacts-'));
  symlinkSync(resolve(import.meta.dirname, '../../examples'), join(root, 'examples'));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(block: string): readonly string[] {
  writeFileSync(join(root, 'page.md'), block);
  return artefactMistakes(root, 'page.md');
}

const group = '  - { id: group:platform-security, members: [user:ana] }\n';

test('an artefact in a page is loaded beside the example, or instead of the file it names', () => {
  expect(check('```yaml\nwrit: groups/v1\ngroups: [{ id: group:new, members: [user:ana] }]\n```')).toEqual(
    [],
  );
  expect(check(`\`\`\`yaml\nwrit: groups/v1\ngroups:\n${group}\`\`\``)).toEqual([
    expect.stringContaining('page.md:1: '),
  ]);
  expect(check(`\`\`\`yaml\n# groups.yaml\nwrit: groups/v1\ngroups:\n${group}\`\`\``).join('\n')).toContain(
    'no `group:release-managers`',
  );
});

test('what does not load, and a configuration that is not one, are mistakes; parts are not loaded', () => {
  expect(check('```yaml\nwrit: anchor/v1\nanchor: oidc/x\n```').length).toBeGreaterThan(0);
  expect(check('```yaml\nwrit: config/v1\ntrust-domain: a\n```').join()).toContain('`public-url` is missing');
  expect(check('```yaml partial\nwrit: config/v1\n```\n```yaml\nname: deploy\n```')).toEqual([]);
});
