import { signedInPerson } from '@writ/testkit';
import { type Figure, timed } from './figure.ts';
import { nameOf } from './fill.ts';
import { type Place, teamOf } from './place.ts';

/** Rows of a page. */
const PAGE = 100;

/** Pages at random places of lists, as the API asks for them. */
export async function measureLists(
  place: Place,
  { identities, pages }: { readonly identities: number; readonly pages: number },
): Promise<readonly Figure[]> {
  const { runs } = place.house.engine;
  const mei = await signedInPerson(place.house, 'user:mei');
  const rui = await signedInPerson(place.house, 'user:rui');
  const member = await place.member(teamOf(7));
  let drawn = 1;
  const anywhere = (): string => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    return nameOf(drawn % identities);
  };
  const mine: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await runs.mine(rui.session, { after, limit: 1_000 });
    mine.push(...page.map(({ run }) => run));
    after = page.at(-1)?.run ?? null;
    if (page.length < 1_000) break;
  }
  return [
    await timed('identities by name', pages, async () =>
      runs.identities(mei.session, { after: anywhere(), limit: PAGE }),
    ),
    await timed('identities of an owner of a tenth of them', pages, async () =>
      runs.identities(mei.session, { after: anywhere(), limit: PAGE, owner: `group:${teamOf(0)}` }),
    ),
    await timed('identities of an owner of a few', pages, async (i) =>
      runs.identities(mei.session, { after: null, limit: PAGE, owner: `group:${teamOf(i)}` }),
    ),
    await timed('inbox of a team', pages, async () => runs.inbox(member.session)),
    await timed('runs that one person asked for', pages, async (i) =>
      runs.mine(rui.session, { after: mine[(i * 7_919) % mine.length] ?? null, limit: PAGE }),
    ),
    await timed('one run, with all an approver is given', pages, async (i) =>
      runs.find(mei.session, mine[(i * 7_919) % mine.length] ?? ''),
    ),
  ];
}
