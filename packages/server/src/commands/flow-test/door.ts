import {
  type Holder,
  type Identity,
  type IssuanceRequest,
  type Reason,
  type Session,
  WritError,
} from '@writ/core';
import type { Engine, RunView } from '@writ/engine';
import type { TestPerson } from './people.ts';
import type { Presented } from './presented.ts';
import { seeded } from './test-keys.ts';

/** What is put before the engine. */
export interface Asking {
  readonly request: IssuanceRequest;
  readonly identity: Identity;
  /** of an identity that is registered already: its revision */
  readonly replaces: number | null;
  readonly presented: readonly Presented[];
  readonly holder: Holder | null;
  /** a waiting run to go on with */
  readonly run: string | null;
  readonly draw: number;
  /** milliseconds since the epoch */
  readonly now: number;
}

export interface DoorAnswer {
  readonly outcome: 'issued' | 'waiting' | 'refused';
  readonly run: string | null;
  readonly reasons: readonly Reason[];
}

/** How a flow is asked for: a token by a machine, or an identity by a person who has signed in. */
export interface Door {
  ask(asking: Asking): Promise<DoorAnswer>;
}

/** What is decided about a run by a person. @throws WritError where they may not */
export async function approve(
  engine: Engine,
  { session, passkey }: TestPerson,
  about: { readonly run: string; readonly rule: string; readonly decision: 'approve' | 'confirm' },
): Promise<string> {
  const { nonce, challenge, digest } = await engine.runs.challenge(session, about);
  const assertion = passkey.assert(Buffer.from(challenge, 'base64url'));
  await engine.runs.decide(session, { ...about, nonce, assertion });
  return digest;
}

/** Tokens are asked for by engine.request, again and again until they are issued. */
export function tokenDoor(engine: Engine): Door {
  return {
    ask: async ({ request, presented, holder, run, draw, now }) => {
      const assertion = presented.find((each) => each.assertion)?.token ?? null;
      const answer = await engine.request({
        clientId: request.identity,
        tokens: presented.flatMap(({ token, role, assertion: own }) =>
          token === null || own ? [] : [{ token, role }],
        ),
        ...(assertion === null ? {} : { assertion }),
        audience: request.audience,
        scopes: request.scopes,
        flow: request.flow,
        ttl: request.ttl,
        fields: request.fields,
        holder:
          holder === null
            ? null
            : {
                key: holder,
                proof: { key: seeded('proof', draw).toString('hex'), holder: null, until: now + 120_000 },
              },
        run,
      });
      if (answer.outcome !== 'declined') return { outcome: answer.outcome, run: answer.run, reasons: [] };
      const explained = answer.reasons ?? (await explain(engine, answer.reference));
      return { outcome: 'refused', run: null, reasons: explained };
    },
  };
}

async function explain(engine: Engine, reference: string): Promise<readonly Reason[]> {
  const found = await engine.explain(reference);
  return found?.kind === 'refusal' ? found.refusal.reasons : [];
}

/** An identity is asked for once; then the run goes on by itself, as people decide. */
export function identityDoor(engine: Engine, requester: () => Promise<Session | Reason>): Door {
  return {
    ask: async ({ request, identity, replaces, run }) => {
      const session = await requester();
      if (!('evidence' in session)) return { outcome: 'refused', run: null, reasons: [session] };
      if (run !== null) {
        const view = await engine.runs.find(session, run);
        if (view === null) throw new WritError('unknown', `the run \`${run}\` is gone`);
        return { outcome: outcomeOf(view), run, reasons: view.reasons };
      }
      const { name, kind, owner, deputy, purpose, environment, expires, attributes, keys } = identity;
      const answer = await engine.runs.ask(session, {
        flow: request.flow,
        identity: { name, kind, owner, deputy, purpose, environment, expires, attributes, keys },
        replaces,
        audience: request.audience,
        scopes: request.scopes,
        fields: request.fields,
        idempotencyKey: null,
      });
      if (answer.outcome === 'refused') return { outcome: 'refused', run: null, reasons: answer.reasons };
      return { outcome: answer.outcome, run: answer.run.run, reasons: [] };
    },
  };
}

function outcomeOf({ state }: RunView): DoorAnswer['outcome'] {
  return state === 'issued' || state === 'waiting' ? state : 'refused';
}
