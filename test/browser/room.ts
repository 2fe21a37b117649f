import { type PeopleWorld, type PeopleWorldOptions, type PersonId, startPeopleWorld } from '@writ/testkit';
import type { BrowserContextOptions } from 'playwright-core';
import { openChromium, openSeat, type Seat } from './chromium.ts';

/** A world, and people at browsers in it. */
export interface Room extends AsyncDisposable {
  readonly world: PeopleWorld;
  seat(options?: BrowserContextOptions): Promise<Seat>;
  /** Somebody who has signed in and enrolled a passkey, each step on a page. */
  enrolled(person: PersonId): Promise<Seat>;
  /** The link that lets a person add a passkey, as an administrator makes it on a page. */
  invitation(person: PersonId): Promise<string>;
  /** What consoles said of the pages so far. */
  complaints(): readonly string[];
}

/** Null where the machine has no browser; one of several files says so. */
export async function openRoom(
  options: PeopleWorldOptions & { readonly announce?: boolean } = {},
): Promise<Room | null> {
  const browser = await openChromium(options.announce === true);
  if (browser === null) return null;
  const world = await startPeopleWorld(options);
  const seats: Seat[] = [];
  let administrator: Seat | null = null;

  const seat: Room['seat'] = async (of) => {
    const made = await openSeat(browser, world, of);
    seats.push(made);
    return made;
  };
  const enrol = async (person: PersonId, link: string): Promise<Seat> => {
    const made = await seat();
    await made.open(link);
    await made.signIn(person);
    await made.page.getByLabel('What to call it').fill('laptop');
    await made.page.getByRole('button', { name: 'Add a passkey' }).click();
    await made.page.getByText('The passkey is added').waitFor();
    return made;
  };
  const administered = async (): Promise<Seat> => {
    if (administrator === null) {
      const { secret } = await world.running.house.engine.people.inviteFirst('user:ana');
      administrator = await enrol('user:ana', `/enrol#${secret.reveal()}`);
    }
    return administrator;
  };
  const invitation: Room['invitation'] = async (person) => {
    const ana = await administered();
    await ana.open('/people');
    const { page } = ana;
    await page.getByLabel('Whom to invite').fill(person);
    await page.getByRole('button', { name: 'Make an invitation' }).click();
    await page.getByText('The invitation is made').waitFor();
    return page.getByLabel('It is shown this once').inputValue();
  };
  return {
    world,
    seat,
    invitation,
    enrolled: async (person) =>
      person === 'user:ana' ? administered() : enrol(person, await invitation(person)),
    complaints: () => seats.flatMap(({ complaints }) => complaints),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await world[Symbol.asyncDispose]();
    },
  };
}
