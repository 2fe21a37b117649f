import { type Identity, identityCell, type Write } from '@writ/core';
import { askedIdentity, signedInPerson } from '@writ/testkit';
import { type Place, teamOf } from './place.ts';

/** Rows of one commit, and commits that are sent at once. */
const ROWS = 500;
const AT_ONCE = 16;
/** Requests that are asked at once. */
const ASKING = 256;
const DAY = 86_400_000;

export const nameOf = (n: number): string => `svc-${n.toString(36).padStart(5, '0')}`;

/** An identity as the flow would have registered it. Every tenth is of one team that owns very many. */
function identityOf(n: number, now: number): Identity {
  const name = nameOf(n);
  return {
    uri: `spiffe://acme.example/service-account/${name}`,
    name,
    kind: 'service-account',
    status: 'active',
    owner: `group:${n % 10 === 0 ? teamOf(0) : teamOf(n)}`,
    deputy: 'user:rui',
    purpose: `reports of ${name}, for the end of each month and whoever asks in between`,
    environment: 'staging',
    expires: now + 365 * DAY,
    revision: 1,
    revisionReviewed: false,
    previouslyRevoked: false,
    attributes: {},
    entitlement: {
      audiences: ['https://reports.acme.example'],
      scopes: ['reports:read'],
      environments: ['staging'],
      dataSets: [],
      commands: [],
    },
    keys: [],
    boundSince: 1,
  };
}

/** Writes identities: rows and cells, by the store's own commits. They have no entries in the log. */
export async function fillIdentities({ house }: Place, count: number): Promise<void> {
  const now = house.clock.now();
  const commit = async (from: number): Promise<void> => {
    const write = Array.from({ length: Math.min(ROWS, count - from) }, (_, i): readonly Write[] => {
      const identity = identityOf(from + i, now);
      const { name, uri, owner, kind } = identity;
      return [
        { kind: 'cell', cell: identityCell(name), value: '1' },
        {
          kind: 'row',
          table: 'identities',
          row: { name, uri, owner, kind, body: JSON.stringify(identity) },
        },
      ];
    });
    await house.house.store.commit({ expect: [], consume: [], append: null, write: write.flat() });
  };
  for (let from = 0; from < count; from += ROWS * AT_ONCE) {
    const starts = Array.from({ length: AT_ONCE }, (_, i) => from + i * ROWS).filter((each) => each < count);
    await Promise.all(starts.map(commit));
  }
}

/** Has one person ask for so many identities; each waits for its team. The runs, with their teams. */
export async function fillRuns(place: Place, count: number): Promise<readonly WaitingRun[]> {
  const { house } = place;
  const rui = await signedInPerson(house, 'user:rui');
  const expires = house.clock.now() + 60 * DAY;
  const runs: WaitingRun[] = [];
  const ask = async (n: number): Promise<WaitingRun> => {
    const team = teamOf(n);
    const asked = askedIdentity({ name: `new-${n.toString(36)}`, owner: `group:${team}`, expires });
    const answer = await house.engine.runs.ask(rui.session, asked);
    if (answer.outcome !== 'waiting') throw new Error(JSON.stringify(answer));
    return { run: answer.run.run, team };
  };
  for (let from = 0; from < count; from += ASKING) {
    const numbers = Array.from({ length: Math.min(ASKING, count - from) }, (_, i) => from + i);
    runs.push(...(await Promise.all(numbers.map(ask))));
  }
  return runs;
}

export interface WaitingRun {
  readonly run: string;
  readonly team: string;
}
