import type { Session } from '@writ/core';
import type { Role } from '@writ/flow';
import type { Edge } from '../edge.ts';
import type { Assets } from './assets.ts';
import type { Html } from './html.ts';

/** What pages are made with. */
export interface Site {
  readonly edge: Edge;
  readonly assets: Assets;
  /** path of the public URL, without a trailing slash: what every address of a page begins with */
  readonly base: string;
}

/** Pages that stand in the navigation. */
export type Place = 'inbox' | 'runs' | 'passkeys' | 'device' | 'people';

/** Who looks at a page. */
export interface Reader {
  readonly session: Session;
  readonly name: string;
  readonly roles: readonly Role[];
}

export function mayInvite({ roles }: Reader): boolean {
  return roles.includes('administrator');
}

/** A page, but for what is on all of them. */
export interface View {
  /** 200 where it is absent */
  readonly status?: number;
  readonly title: string;
  readonly place: Place | null;
  /** what says the same in a terminal */
  readonly command: string | null;
  /** assets that it needs beside those of all */
  readonly modules: readonly string[];
  readonly body: Html;
}
