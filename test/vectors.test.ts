import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDpopKey, startWorld, type TokenResponse, type World } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const VECTORS = resolve(ROOT, process.env['WRIT_VECTORS'] ?? '../shared/vectors');
const absent = !existsSync(VECTORS);
if (absent) console.log(`ABSENT: vectors (set WRIT_VECTORS to the folder of test data)`);

interface ClaimVector {
  readonly name: string;
  readonly claims: Readonly<Record<string, string>>;
}

function githubVectors(): readonly ClaimVector[] {
  const parsed: readonly ClaimVector[] = JSON.parse(
    readFileSync(join(VECTORS, 'claims/github-actions.json'), 'utf8'),
  );
  return parsed;
}

describe.skipIf(absent)('test data', () => {
  let world: World;
  beforeAll(async () => {
    const folder = join(VECTORS, 'flows');
    const files = readdirSync(folder).map((name) => [
      `flows/${name}`,
      readFileSync(join(folder, name), 'utf8'),
    ]);
    world = await startWorld({ files: Object.fromEntries(files) });
  });
  afterAll(async () => world[Symbol.asyncDispose]());

  test('S3.1 the four example flows load, validate and are in force', async () => {
    const { flows } = await world.running.house.engine.artefacts();
    expect([...flows.keys()]).toEqual(
      expect.arrayContaining([
        'agent-tool-identity',
        'ci-deploy-token',
        'device-certificate',
        'integration-api-key',
      ]),
    );
  });

  const outcomes: readonly (readonly [string, (answer: TokenResponse) => void])[] = [
    ['name-based sub', ({ body }) => expect(body).toMatchObject({ token_type: 'DPoP' })],
    ['immutable-id sub', ({ body }) => expect(body).toMatchObject({ token_type: 'DPoP' })],
    [
      'pull request from a fork',
      ({ body }) =>
        expect(body).toMatchObject({
          writ_rule: 'proof.github.ref',
          writ_reasons: expect.arrayContaining([
            expect.objectContaining({ claim: 'ref', value: 'refs/pull/3/merge' }),
          ]),
        }),
    ],
    [
      'recycled owner',
      ({ body }) => expect(Object.keys(body)).toEqual(['error', 'error_description', 'writ_ref']),
    ],
  ];
  test.each(outcomes)('G5 G6 G7 %s', async (name, check) => {
    const vector = githubVectors().find((each) => each.name.includes(name));
    const { iss: _theirs, ...claims } = vector?.claims ?? {};
    check(
      await world.exchange(createDpopKey(), {
        subject_token: world.github.sign({ ...claims, jti: randomUUID() }),
      }),
    );
    expect(vector).toBeDefined();
  });
});
