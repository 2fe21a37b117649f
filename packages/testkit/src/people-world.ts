import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserResponse, createBrowser } from './browser.ts';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.ts';
import { ACME, startWorld, type World } from './world.ts';

/** People of the example, with the ids that their identity provider knows them by. */
export const SUBJECTS = {
  'user:ana': 'ana-7f3c',
  'user:rui': 'rui-01ab',
  'user:mei': 'mei-9d20',
  'user:tom': 'tom-55e1',
  'user:ida': 'ida-c0de',
} as const;
export type PersonId = keyof typeof SUBJECTS;

/** A world with an identity provider that its people sign in at. */
export interface PeopleWorld extends World {
  readonly workforce: OidcIssuer;
  browser(): Browser;
  /** A browser in which this person has just signed in. */
  signedIn(person: PersonId): Promise<Browser>;
  /** Signs in; `claims` are over those of the person. What the last page said. */
  signIn(
    browser: Browser,
    person: PersonId,
    claims?: Readonly<Record<string, unknown>>,
    to?: string,
  ): Promise<BrowserResponse>;
}

export interface PeopleWorldOptions {
  /** edits of files of the example: path, text, what stands in its place */
  readonly edits?: readonly (readonly [path: string, from: string, to: string])[];
  readonly data?: string;
  readonly port?: number;
}

const LOGIN = 'https://login.acme.example';

export async function startPeopleWorld(options: PeopleWorldOptions = {}): Promise<PeopleWorld> {
  const workforce = await startOidcIssuer({ now: Date.now });
  const world = await startWorld({
    host: 'localhost',
    files: filesFor(workforce.issuer, options.edits ?? []),
    ...(options.data === undefined ? {} : { data: options.data }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const signIn: PeopleWorld['signIn'] = async (browser, person, claims = {}, to) => {
    workforce.atTheBrowser({ sub: SUBJECTS[person], acr: 'phishing-resistant', ...claims });
    return browser.open(to === undefined ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`);
  };
  const browser = (): Browser => createBrowser(world.url);
  return {
    ...world,
    workforce,
    browser,
    signIn,
    signedIn: async (person) => {
      const made = browser();
      const { status, text } = await signIn(made, person);
      if (status !== 200) throw new Error(`${person} is not signed in: ${text}`);
      return made;
    },
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await workforce.close();
    },
  };
}

/** The example's files that name the identity provider, naming this one; and those that are edited. */
function filesFor(
  issuer: string,
  edits: NonNullable<PeopleWorldOptions['edits']>,
): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const read = (path: string): string => files[path] ?? readFileSync(join(ACME, path), 'utf8');
  for (const path of ['people.yaml', 'anchors/workforce.yaml'])
    files[path] = read(path).replaceAll(LOGIN, issuer);
  files['anchors/workforce.yaml'] += '\nprivate-addresses: allowed\n';
  files['writ.yaml'] = `${read('writ.yaml')}\nsign-in: { anchor: oidc/workforce }\n`;
  for (const [path, from, to] of edits) {
    const text = read(path);
    if (!text.includes(from)) throw new Error(`no \`${from}\` in ${path}`);
    files[path] = text.replace(from, () => to);
  }
  return files;
}
