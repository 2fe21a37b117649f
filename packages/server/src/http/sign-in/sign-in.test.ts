import { type PeopleWorld, startPeopleWorld } from '@writ/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let world: PeopleWorld;
beforeAll(async () => {
  world = await startPeopleWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());
beforeEach(() => world.workforce.behaveAtSignIn('honest'));

describe('sign-in by OpenID Connect', () => {
  test('S0.5 leads through the identity provider to a page of ours that leads on', async () => {
    const browser = world.browser();
    const page = await world.signIn(browser, 'user:ana', {}, '/inbox');
    expect(page.text).toContain('/inbox');
    expect(page.status).toBe(200);
  });
});
