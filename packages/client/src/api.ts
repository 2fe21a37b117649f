import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem } from './api-problem.ts';
import { type Answered, type ApiOptions, createExchange } from './exchange.ts';
import type {
  ArtefactsInForce,
  AskedIdentity,
  Challenge,
  Denial,
  Identity,
  IdentityPage,
  Inbox,
  InboxItem,
  Invitation,
  Inviting,
  Me,
  NewPasskey,
  Passkey,
  PasskeyChallenge,
  PasskeyChange,
  Passkeys,
  Preview,
  ProposedChange,
  ReplacingPasskey,
  Run,
  RunPage,
  RunSummary,
  SignedDecision,
  TerminalCode,
  TerminalState,
  ToDecide,
} from './wire.ts';

/** How an identity is asked for. */
export interface AskOptions {
  /** 1 to 255 printable characters; default: a random one */
  readonly idempotencyKey?: string;
  /** the tag of the identity that is to be changed, as `getIdentity` gives it */
  readonly ifMatch?: string;
}

export interface Requested {
  readonly run: Run;
  /** whether the key began this run before */
  readonly repeated: boolean;
}

/** Something with the tag of the state it is in. */
export interface Tagged<T> {
  readonly value: T;
  readonly etag: string;
}

interface PageOf<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** The API of a server, one method for each operation. Every method throws ApiProblem. */
export interface Api {
  /** Sent again with the same key where no answer came: there is one run, however often that is. */
  requestIdentity(asked: AskedIdentity, options?: AskOptions): Promise<Requested>;
  previewRun(asked: AskedIdentity): Promise<Preview>;
  /** Page after page. */
  listRuns(): AsyncIterable<RunSummary>;
  getRun(run: string): Promise<Tagged<Run>>;
  challengeRun(run: string, asked: ToDecide): Promise<Challenge>;
  approveRun(run: string, signed: SignedDecision): Promise<Run>;
  confirmRun(run: string, signed: SignedDecision): Promise<Run>;
  denyRun(run: string, denial: Denial): Promise<Run>;
  cancelRun(run: string): Promise<Run>;
  /** Asks for another artefact set, or an earlier one, to be put in force. */
  proposeChange(change: ProposedChange): Promise<Run>;
  /** What decisions are made by. */
  getArtefacts(): Promise<ArtefactsInForce>;
  getInbox(): Promise<readonly InboxItem[]>;
  /** Page after page, in the order of their names; of one owner where one is named. */
  listIdentities(owner?: string): AsyncIterable<Identity>;
  getIdentity(name: string): Promise<Tagged<Identity>>;
  showMe(): Promise<Me>;
  listPasskeys(): Promise<readonly Passkey[]>;
  challengePasskey(change: PasskeyChange): Promise<PasskeyChallenge>;
  addPasskey(made: NewPasskey): Promise<Passkey>;
  replacePasskey(id: string, made: ReplacingPasskey): Promise<Passkey>;
  reportPasskeyLost(id: string): Promise<readonly Passkey[]>;
  invitePerson(person: string, inviting: Inviting): Promise<Invitation>;
  confirmTerminal(userCode: string): Promise<void>;
  startTerminal(): Promise<TerminalCode>;
  pollTerminal(deviceCode: string): Promise<TerminalState>;
  getDescription(): Promise<unknown>;
  listProblems(): Promise<unknown>;
}

/** Milliseconds before a request without an answer is sent again. */
const PAUSES = [200, 1_000, 3_000];

/** @throws ApiProblem for a URL that a session must not be sent to */
export function createApi(options: ApiOptions): Api {
  const exchange = createExchange(options);
  const of = async <T>(answer: Promise<Answered<T>>): Promise<T> => (await answer).body;
  return {
    requestIdentity: async (asked, { idempotencyKey = randomUUID(), ifMatch } = {}) => {
      const headers = {
        'idempotency-key': idempotencyKey,
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      };
      const sent = async (): Promise<Answered<Run>> =>
        exchange<Run>('requestIdentity', { body: asked, headers });
      const { body, headers: answered } = await sentAgain(sent);
      return { run: body, repeated: answered.get('idempotency-replayed') === 'true' };
    },
    previewRun: async (body) => of(exchange<Preview>('previewRun', { body })),
    listRuns: () =>
      pages(async (after) => {
        const { runs: rows, next } = await of(exchange<RunPage>('listRuns', { query: { after } }));
        return { rows, next };
      }),
    getRun: async (id) => tagged(exchange<Run>('getRun', { id })),
    challengeRun: async (id, body) => of(exchange<Challenge>('challengeRun', { id, body })),
    approveRun: async (id, body) => of(exchange<Run>('approveRun', { id, body })),
    confirmRun: async (id, body) => of(exchange<Run>('confirmRun', { id, body })),
    denyRun: async (id, body) => of(exchange<Run>('denyRun', { id, body })),
    cancelRun: async (id) => of(exchange<Run>('cancelRun', { id })),
    proposeChange: async (body) => of(exchange<Run>('proposeChange', { body })),
    getArtefacts: async () => of(exchange<ArtefactsInForce>('getArtefacts')),
    getInbox: async () => (await of(exchange<Inbox>('getInbox'))).items,
    listIdentities: (owner) =>
      pages(async (after) => {
        const query = { owner, after };
        const { identities: rows, next } = await of(exchange<IdentityPage>('listIdentities', { query }));
        return { rows, next };
      }),
    getIdentity: async (id) => tagged(exchange<Identity>('getIdentity', { id })),
    showMe: async () => of(exchange<Me>('showMe')),
    listPasskeys: async () => (await of(exchange<Passkeys>('listPasskeys'))).passkeys,
    challengePasskey: async (body) => of(exchange<PasskeyChallenge>('challengePasskey', { body })),
    addPasskey: async (body) => of(exchange<Passkey>('addPasskey', { body })),
    replacePasskey: async (id, body) => of(exchange<Passkey>('replacePasskey', { id, body })),
    reportPasskeyLost: async (id) => (await of(exchange<Passkeys>('reportPasskeyLost', { id }))).passkeys,
    invitePerson: async (id, body) => of(exchange<Invitation>('invitePerson', { id, body })),
    confirmTerminal: async (user_code) => {
      await exchange('confirmTerminal', { body: { user_code } });
    },
    startTerminal: async () => of(exchange<TerminalCode>('startTerminal')),
    pollTerminal: async (device_code) =>
      of(exchange<TerminalState>('pollTerminal', { body: { device_code } })),
    getDescription: async () => of(exchange<unknown>('getDescription')),
    listProblems: async () => of(exchange<unknown>('listProblems')),
  };
}

/** Sends until there is an answer, whatever it is. */
async function sentAgain<T>(send: () => Promise<T>): Promise<T> {
  for (const wait of PAUSES) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'unreachable') throw error;
      await pause(wait);
    }
  }
  return send();
}

async function tagged<T>(answer: Promise<Answered<T>>): Promise<Tagged<T>> {
  const { body, headers } = await answer;
  return { value: body, etag: headers.get('etag') ?? '' };
}

async function* pages<Row>(page: (after: string | undefined) => Promise<PageOf<Row>>): AsyncIterable<Row> {
  let after: string | undefined;
  do {
    const { rows, next } = await page(after);
    yield* rows;
    after = next ?? undefined;
  } while (after !== undefined);
}
