import { createHash } from 'node:crypto';
import { canonicalJson } from '@writ/core';
import { type Browser, createSoftwarePasskey, type PeopleWorld, type PersonId, type SoftwarePasskey, startPeopleWorld } from '@writ/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let world: PeopleWorld;
beforeAll(async () => {
  world = await startPeopleWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

describe('passkeys', () => {
  test('smoke', async () => {
    const ana = await world.signedIn('user:ana');
    const me = await ana.ask('/api/v1/me');
    expect(me.body).toMatchObject({ person: 'user:ana' });
    expect(me.status).toBe(200);
    const challenge = await ana.ask('/api/v1/passkeys/challenge', { event: 'authenticator-added' });
    expect(challenge.status).toBe(200);
    const { secret } = await world.running.house.engine.people.inviteFirst('user:ana');
    const { origin, hostname: rpId } = new URL(world.url);
    const passkey = createSoftwarePasskey({ rpId, origin });
    const registration = passkey.register(Buffer.from(String(challenge.body['challenge']), 'base64url'));
    const added = await ana.ask('/api/v1/passkeys', { nonce: challenge.body['nonce'], registration, label: 'phone', invitation: secret.reveal() });
    expect(added.body).toMatchObject({ id: passkey.id, label: 'phone' });
    expect(added.status).toBe(201);
  });
});
