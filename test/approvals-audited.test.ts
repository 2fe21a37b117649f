import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { approvalChallenge, canonicalJson, type Decision, type Json } from '@writ/core';
import { encodeUtf8, type LeafType, recordCommitment } from '@writ/ledger';
import { sha256 } from '@writ/server';
import {
  createSoftwarePasskey,
  type EngineHouse,
  openEngineHouse,
  otherEcdsaSignature,
  type SoftwarePasskey,
} from '@writ/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const RP_ID = 'writ.acme.example';
const ORIGIN = 'https://writ.acme.example';
const PLAN = 'd'.repeat(64);

type Members = Readonly<Record<string, Json>>;

/** Appends a leaf with this record as the engine would; its index. */
async function append(place: EngineHouse, type: LeafType, members: Members): Promise<number> {
  const artefacts = place.installation.set.hash;
  const record = canonicalJson({ type, requested_at_ms: place.clock.now(), artefacts, ...members });
  const salt = randomBytes(32);
  const commitment = recordCommitment(sha256, salt, encodeUtf8(record));
  const result = await place.house.store.commit({
    expect: [],
    consume: [],
    append: { type, flags: 0, identityTag: null, record, salt, commitment, tbsDigest: null },
    write: [],
  });
  return result.outcome === 'committed' ? (result.inclusion?.index ?? -1) : -1;
}

function enrolled(person: string, { id, publicJwk }: SoftwarePasskey, grounds: string): Members {
  const authenticator = { id, public_jwk: { ...publicJwk }, rp_id: RP_ID, origin: ORIGIN, label: 'key' };
  return { person, event: 'authenticator-added', by: person, grounds, authenticator };
}

/** The record of a decision whose challenge the server made and whose assertion a passkey gave. */
function signed(
  person: string,
  passkey: SoftwarePasskey,
  decision: Decision = 'approve',
  otherwise: Parameters<SoftwarePasskey['assert']>[1] = {},
): Members {
  const nonce = randomBytes(32).toString('base64url');
  const run = 'run_1';
  const challenge = approvalChallenge(sha256, {
    digest: PLAN,
    run,
    rule: 'owner',
    approver: person,
    decision,
    nonce,
  });
  const { authenticator, clientDataJson, authenticatorData, signature } = passkey.assert(
    challenge,
    otherwise,
  );
  return {
    run,
    identity: 'svc-payments',
    rule: 'owner',
    plan: PLAN,
    decision,
    digest: PLAN,
    nonce,
    assertion: {
      authenticator,
      client_data_json: clientDataJson,
      authenticator_data: authenticatorData,
      signature,
    },
    ...(decision === 'approve' ? { approver: person, envelope: null } : { by: person, reason: 'because' }),
  };
}

describe('what people signed, audited from the store', () => {
  const passkey = (seed: string): SoftwarePasskey =>
    createSoftwarePasskey({ rpId: RP_ID, origin: ORIGIN, seed });
  const [ana, rui, eve] = [passkey('ana'), passkey('rui'), passkey('eve')];
  let place: EngineHouse;
  let expected: (readonly [string, number])[];
  const found = async (): Promise<(readonly [string, number | null])[]> =>
    (await place.audit()).findings.map(({ rule, index }) => [rule, index] as const);
  /** Appends what does not hold: that it is found, by this rule, is expected from now on. */
  const appendFalse = async (rule: string, members: Members, type: LeafType = 'approval'): Promise<void> => {
    expected.push([rule, await append(place, type, members)]);
  };

  beforeAll(async () => {
    place = await openEngineHouse();
    expected = [];
    await append(place, 'person', enrolled('user:ana', ana, 'first-administrator'));
    const invited = { person: 'user:rui', event: 'invited', by: 'user:ana', grounds: 'passkey' };
    await append(place, 'person', invited);
    await append(place, 'person', enrolled('user:rui', rui, 'invitation'));
  });
  afterAll(async () => place[Symbol.asyncDispose]());

  test('S2.13 the challenge that the server makes is the one that the audit makes again', async () => {
    await append(place, 'approval', signed('user:ana', ana));
    await append(place, 'approval', signed('user:rui', rui));
    await append(place, 'decision', signed('user:rui', rui, 'deny'));
    await append(place, 'decision', signed('user:ana', ana, 'confirm'));
    expect(await found()).toEqual(expected);
  });

  test('E2 a passkey that stands in a table and in no leaf approves nothing', async () => {
    const { id, publicJwk } = eve;
    const row = {
      id,
      person: 'user:eve',
      state: 'active',
      added_at: 1,
      body: JSON.stringify({ id, publicJwk, rpId: RP_ID, origin: ORIGIN, label: 'key' }),
    };
    await place.house.store.commit({
      expect: [],
      consume: [],
      append: null,
      write: [{ kind: 'row', table: 'authenticators', row }],
    });
    await appendFalse('approval-authenticator', signed('user:eve', eve));
    expect(await found()).toEqual(expected);
  });

  test('S2.15 an assertion of another page, host, key or ceremony, or without the person, does not verify', async () => {
    const evil = 'https://writ.evil.example';
    await appendFalse(
      'approval-signature',
      signed('user:ana', ana, 'approve', { clientData: { origin: evil } }),
    );
    await appendFalse('approval-signature', signed('user:ana', ana, 'approve', { rpId: 'evil.example' }));
    await appendFalse('approval-signature', signed('user:ana', ana, 'approve', { key: eve.privateKey }));
    await appendFalse('approval-signature', signed('user:ana', ana, 'approve', { flags: 0x01 }));
    const created = { clientData: { type: 'webauthn.create' } };
    await appendFalse('approval-signature', signed('user:ana', ana, 'approve', created));
    expect(await found()).toEqual(expected);
  });

  test('S2.15 whatever of it is changed after it was signed, it holds no more', async () => {
    const honest = signed('user:ana', ana);
    const changes: Members[] = [
      { run: 'run_2' },
      { plan: 'e'.repeat(64), digest: 'e'.repeat(64) },
      { nonce: 'A'.repeat(43) },
    ];
    for (const change of changes) await appendFalse('approval-signature', { ...honest, ...change });
    const { approver: _, envelope: _none, ...rest } = honest;
    const denied = { ...rest, by: 'user:ana', reason: 'because', decision: 'deny' };
    await appendFalse('approval-signature', denied, 'decision');
    expect(await found()).toEqual(expected);
  });

  test('T20 the other signature of the same words is no other approval', async () => {
    const twin = signed('user:ana', ana, 'approve', { signature: otherEcdsaSignature });
    await append(place, 'approval', twin);
    expect(await found()).toEqual(expected);
  });

  test('a byte changed anywhere in an assertion is found', async () => {
    const honest = signed('user:ana', ana);
    const assertion = honest['assertion'];
    const parts = ['client_data_json', 'authenticator_data', 'signature'] as const;
    const cases = fc.sample(
      fc.tuple(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 1, max: 255 })),
      60,
    );
    for (const [part, at, mask] of cases) {
      const given = Object.entries(Object(assertion)).map(([name, value]): [string, Json] => {
        if (name !== part) return [name, String(value)];
        const bytes = Buffer.from(String(value), 'base64url');
        const where = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(where) ^ mask, where);
        return [name, bytes.toString('base64url')];
      });
      await appendFalse('approval-signature', { ...honest, assertion: Object.fromEntries(given) });
    }
    expect(await found()).toEqual(expected);
  });

  test('E3 whoever deletes the record of an approval or of a denial is found', async () => {
    const approval = await append(place, 'approval', signed('user:rui', rui));
    const denial = await append(place, 'decision', signed('user:rui', rui, 'deny'));
    const db = new DatabaseSync(join(place.data, 'writ.db'));
    for (const index of [approval, denial]) {
      db.prepare('UPDATE entries SET record = NULL, salt = NULL WHERE idx = ?').run(index);
    }
    db.close();
    expected.push(['record-missing', approval], ['record-missing', denial]);
    expect(await found()).toEqual(expected);
  });
});
