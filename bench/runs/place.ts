import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ACME,
  createFakeClock,
  type EngineHouse,
  openEngineHouse,
  type SignedInPerson,
  signedInPerson,
} from '@writ/testkit';
import { acmeFiles, type Edit } from '@writ/testkit/facts';

/** Teams that own the identities and agree to what is asked for in their name. */
export const TEAMS = 200;

export const teamOf = (n: number): string => `team-${String(n % TEAMS).padStart(3, '0')}`;
const memberOf = (team: string): string => `user:of-${team}`;

const NAMES = Array.from({ length: TEAMS }, (_, n) => teamOf(n));

/** The example with many teams, in which no source says who owns what. */
const EDITS: readonly Edit[] = [
  [
    'groups.yaml',
    'groups:\n',
    `groups:\n${NAMES.map((team) => `  - { id: group:${team}, members: ["${memberOf(team)}"] }\n`).join('')}`,
  ],
  [
    'people.yaml',
    'people:\n',
    `people:\n${NAMES.map((team) => `  - { id: "${memberOf(team)}", name: ${team}, subjects: ["https://login.acme.example#${team}"] }\n`).join('')}`,
  ],
  ['flows/identity-issue.flow.yaml', 'facts.ownership.owner == identity.owner && ', ''],
];

/** A store on disk, and the engine over it. */
export interface Place extends AsyncDisposable {
  readonly house: EngineHouse;
  /** the artefacts, as files */
  readonly directory: string;
  readonly data: string;
  member(team: string): Promise<SignedInPerson>;
  /** when the identity of this run was registered, on the clock of `performance` */
  issuedAt(run: string): number;
  /** Closes the house; the files stay. */
  close(): Promise<void>;
}

/** The clock stands still at `now`, so that nothing ends while the store is filled. */
export async function openPlace(now: number): Promise<Place> {
  const scratch = mkdtempSync(join(tmpdir(), 'writ-bench-runs-'));
  const directory = join(scratch, 'acme');
  cpSync(ACME, directory, { recursive: true });
  for (const { path, text } of acmeFiles(...EDITS)) writeFileSync(join(directory, path), text);
  const data = join(scratch, 'data');
  const issued = new Map<string, number>();
  const house = await openEngineHouse({
    dev: true,
    data,
    edits: EDITS,
    clock: createFakeClock(now),
    adapt: (given) => ({
      ...given,
      events: {
        ...given.events,
        issued: (event) => {
          issued.set(event.run, performance.now());
        },
      },
    }),
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    closing ??= (async () => house[Symbol.asyncDispose]())();
    await closing;
  };
  return {
    house,
    directory,
    data,
    member: async (team) =>
      signedInPerson(house, memberOf(team), { issuer: 'https://login.acme.example', subject: team }),
    issuedAt: (run) => issued.get(run) ?? Number.NaN,
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
