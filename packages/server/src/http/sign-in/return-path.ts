/** Segments that are not empty and begin with no dot, so that a browser changes none of it, and a plain query. */
const PATH = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)*\/?(?:\?[A-Za-z0-9_~.=&-]*)?$/;

/** Where to go after a sign-in: a path of ours that was asked for, or the one at the root. */
export function returnPath(asked: unknown, publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl);
  const root = pathname.endsWith('/') ? pathname : `${pathname}/`;
  if (typeof asked !== 'string' || !asked.startsWith('/') || asked.length > 500 || !PATH.test(asked))
    return root;
  const target = new URL(asked, origin);
  return target.origin === origin && `${target.pathname}/`.startsWith(root)
    ? target.pathname + target.search
    : root;
}
