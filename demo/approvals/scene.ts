import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type OidcIssuer, type PersonId, startOidcIssuer } from '@writ/testkit';
import type { AuthorizationServer } from 'oauth4webapi';
import type { Canary } from '../canary.ts';
import { Left } from '../expect.ts';
import type { Stage } from '../scene.ts';
import type { Granted } from '../token-request.ts';
import { createWrit } from '../writ-process.ts';
import type { Agent, AgentOptions } from './agent.ts';
import { type FactDesk, startFactDesk } from './fact-desk.ts';
import { type Edit, edit, prepareInstallation } from './installation.ts';
import { createPerson, type Person } from './person.ts';
import type { Service } from './service.ts';

/** Who the agent is to its own workplace. */
const SPIFFE_ID = 'spiffe://agents.acme.example/ns/prod/agent/triage';
/** What tokens of people and agents are for, as their anchors say. */
export const AUDIENCE = 'https://writ.acme.example';

/** Everything on stage: real processes, real HTTP, one temporary directory. */
export interface ApprovalScene extends Stage {
  /** the copy of the example that is served */
  readonly directory: string;
  /** the people's identity provider */
  readonly workforce: OidcIssuer;
  readonly desk: FactDesk;
  readonly person: (id: PersonId) => Person;
  /** An instance of the agent, which is handed JWT-SVIDs; each has a key of its own. */
  readonly agentOptions: () => AgentOptions;
  readonly server: Left<AuthorizationServer>;
  readonly reporting: Left<{ readonly service: Service; readonly run: string }>;
  readonly triage: Left<Agent>;
  readonly northwind: Left<Service>;
  /** a run that only Mei may approve, and has not */
  readonly own: Left<{ readonly run: string }>;
  /** a run that one of two has approved */
  readonly half: Left<{ readonly run: string }>;
  /** tokens that were issued, each with its receipt */
  readonly granted: Granted[];
}

/** `edits` are made to the copy of the example. */
export async function openApprovalScene(canary: Canary, edits: readonly Edit[] = []): Promise<ApprovalScene> {
  await using opening = new AsyncDisposableStack();
  const scratch = mkdtempSync(join(tmpdir(), 'writ-demo-'));
  opening.defer(() => rmSync(scratch, { recursive: true, force: true }));
  const directory = join(scratch, 'acme');
  const data = join(scratch, 'data');
  const heard = (token: string): void => canary.learn('a token of an issuer', token);
  const issuer = (): Promise<OidcIssuer> => startOidcIssuer({ now: Date.now, algorithm: 'ES256', heard });
  const workforce = opening.use(await issuer());
  const agents = opening.use(await issuer());
  const writ = opening.use(
    createWrit({ directory, data, port: await freePort(), host: 'localhost' }, canary),
  );
  const desk = opening.use(await startFactDesk(writ.url));
  prepareInstallation(directory, { workforce, agents, desk });
  for (const [path, from, to] of edits) edit(directory, path, (text) => text.replace(from, to));
  const people = new Map<PersonId, Person>();
  const server = new Left<AuthorizationServer>('start');
  const closing = opening.move();
  return {
    canary,
    writ,
    data,
    scratch,
    directory,
    workforce,
    desk,
    person: (id) => {
      const person = people.get(id) ?? createPerson({ id, url: writ.url, workforce, canary });
      people.set(id, person);
      return person;
    },
    agentOptions: () => ({ as: server.take(), agents, spiffeId: SPIFFE_ID, audience: AUDIENCE, canary }),
    server,
    reporting: new Left('asked'),
    triage: new Left('agent-token'),
    northwind: new Left('partner'),
    own: new Left('self-approval'),
    half: new Left('one-short'),
    granted: [],
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
